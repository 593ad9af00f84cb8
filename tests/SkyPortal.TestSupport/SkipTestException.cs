namespace SkyPortal.TestSupport;

/// <summary>Skips the running test: xunit v3 counts an exception whose message begins with its token as a skip.</summary>
public sealed class SkipTestException(string reason) : Exception("$XunitDynamicSkip$" + reason);
