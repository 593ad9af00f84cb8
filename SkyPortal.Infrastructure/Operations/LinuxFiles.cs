using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>The few file and process calls of Linux that .NET does not offer.</summary>
internal static partial class LinuxFiles
{
    public const int Interrupt = 2;
    public const int Quit = 3;

    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeModeUser = 0x1 | 0x2 | 0x8;
    private const int KindMask = 0xF000;
    private const int SymbolicLink = 0xA000;

    /// <summary>Owner of a file or folder, links not followed; null when it does not exist or cannot be read.</summary>
    public static (uint UserId, bool IsLink)? Owner(string path)
    {
        // statx(2) has one layout on every architecture: uid at byte 20, mode at byte 28, 256 bytes in all.
        Span<byte> entry = stackalloc byte[256];
        if (StatX(CurrentFolder, path, DoNotFollow, TypeModeUser, entry) != 0) return null;
        var userId = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
        return (userId, (mode & KindMask) == SymbolicLink);
    }

    /// <summary>Gives a file or folder to a user and group; a link itself is given, not what it points to.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void GiveTo(string path, uint userId, uint groupId)
    {
        if (LChown(path, userId, groupId) != 0)
            throw new IOException($"Cannot change the owner of {path}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Creates a folder and its parents with these permissions, less the umask's.</summary>
    public static void CreateFolder(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Unix permissions need a Unix.");
        Directory.CreateDirectory(path, mode);
    }

    /// <summary>The path with every link in it resolved.</summary>
    /// <exception cref="IOException">A part of it does not exist or cannot be read.</exception>
    public static string RealPath(string path)
    {
        var resolved = new byte[4097];
        if (RealPath(path, resolved) == 0)
            throw new IOException($"Cannot resolve {path}: {Marshal.GetLastPInvokeErrorMessage()}.");
        return Encoding.UTF8.GetString(resolved, 0, Array.IndexOf(resolved, (byte)0));
    }

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    /// <summary>The effective user id of this process.</summary>
    public static uint CurrentUserId() => GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> entry);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint RealPath(string path, [Out] byte[] resolved);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LChown(string path, uint userId, uint groupId);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
