namespace SkyPortal.Infrastructure.Tests.Operations;

/// <summary>A folder under the system's temporary one that everyone may pass through, removed at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("skyportal-pg-").FullName;
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, mode);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
