package runner

import "slices"

// Compiled into the runner by scripts/bogo.ts, and called by its main before the tests run. Our client talks to one kind of
// server only: it speaks HTTP/2 (ALPN) and asks for a client certificate. Where a test leaves both open, its server becomes
// such a one; what else the server does stays as the test says.
func serveAsPushServersDo() {
	for i := range testCases {
		test := &testCases[i]
		if test.testType != clientTest || test.protocol != tls {
			continue
		}
		becomePushServer(&test.config)
		if test.resumeConfig != nil {
			becomePushServer(test.resumeConfig)
		}
		if needsWhatIsNotOurs(test) {
			// A flag that our shim does not know: the test counts as unimplemented.
			test.flags = append(slices.Clone(test.flags), "-needs-what-is-not-ours")
		}
	}
}

func becomePushServer(config *Config) {
	// A server that sends no extensions cannot answer to ALPN either.
	isSilent := config.Bugs.EmptyExtensions || config.Bugs.OmitExtensions
	if config.NextProtos == nil && !isSilent {
		config.NextProtos = []string{"h2"}
	}
	if config.ClientAuth == NoClientCert {
		config.ClientAuth = RequireAnyClientCert
	}
}

var (
	ourSuites = []uint16{
		TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384,
		TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	}
	ourCurves = []CurveID{CurveX25519, CurveP256, CurveP384}
)

// Whether the server of a test knows no version, suite or group of ours, and the test is about something else.
func needsWhatIsNotOurs(test *testCase) bool {
	config := &test.config
	isAboutVersions := test.expectedError == ":UNSUPPORTED_PROTOCOL:"
	isOld := config.MaxVersion != 0 && config.MaxVersion < VersionTLS12
	return isOld && !isAboutVersions || hasNone(config.CipherSuites, ourSuites) || hasNone(config.CurvePreferences, ourCurves)
}

func hasNone[T comparable](theirs, ours []T) bool {
	return len(theirs) > 0 && !slices.ContainsFunc(theirs, func(one T) bool { return slices.Contains(ours, one) })
}
