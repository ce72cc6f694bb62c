import com.eatthepath.pushy.apns.server.AcceptAllPushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.PushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import com.eatthepath.pushy.apns.server.UnregisteredDeviceTokenException;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Three of pushy's APNs servers, until the standard input ends: one that looks at everything, one that refuses for the reason
 * whose number is the token's last byte, and one that takes what comes. Prints the port of each, and the reasons.
 */
final class PushyServer {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    String topic = arguments[1];
    String good = arguments[2];
    String expired = arguments[3];
    String stranger = arguments[4];

    PushNotificationHandlerFactory strict =
        new ValidatingPushNotificationHandlerFactory(
            Map.of(topic, Set.of(good, expired), "com.example.other", Set.of(stranger)),
            Map.of(expired, Instant.ofEpochSecond(1_700_000_000)),
            Map.of(),
            Map.of());
    RejectionReason[] reasons = RejectionReason.values();
    PushNotificationHandlerFactory refusing =
        session ->
            (headers, payload) -> {
              String path = headers.path().toString();
              RejectionReason reason = reasons[Integer.parseInt(path.substring(path.length() - 2), 16)];
              if (reason == RejectionReason.UNREGISTERED) {
                throw new UnregisteredDeviceTokenException(Instant.ofEpochSecond(1_700_000_000));
              }
              throw new RejectedNotificationException(reason);
            };

    System.out.println("strict " + start(folder, strict));
    System.out.println("refusing " + start(folder, refusing));
    System.out.println("accepting " + start(folder, new AcceptAllPushNotificationHandlerFactory()));
    for (RejectionReason reason : reasons) System.out.println("reason " + reason);
    System.out.println("ready");
    while (System.in.read() != -1) {}
    System.exit(0);
  }

  private static int start(Path folder, PushNotificationHandlerFactory handlers) throws Exception {
    File certificate = folder.resolve("server.pem").toFile();
    File key = folder.resolve("server-key.pem").toFile();
    MockApnsServer server =
        new MockApnsServerBuilder()
            .setServerCredentials(certificate, key, null)
            .setTrustedClientCertificateChain(folder.resolve("root.pem").toFile())
            .setUseAlpn(true)
            .setHandlerFactory(handlers)
            .build();
    return (Integer) server.start(0).get();
  }
}
