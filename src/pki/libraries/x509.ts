import "reflect-metadata";
import { cryptoProvider } from "@peculiar/x509";

// @peculiar/x509 decorates its classes when it is loaded, so what it decorates them with is there first. It takes
// WebCrypto from a global that not every runtime has; here it is told.
cryptoProvider.set(crypto);

export * from "@peculiar/x509";
