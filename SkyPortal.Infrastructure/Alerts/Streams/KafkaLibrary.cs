using System.Reflection;
using System.Runtime.InteropServices;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Finds the system's librdkafka, which the client package would otherwise bring along.</summary>
public static class KafkaLibrary
{
    /// <summary>What to do where it is missing.</summary>
    public const string HowToInstall = "librdkafka is not installed on this node; install it with: apt-get install librdkafka1";

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Whether it is there. The first call sets up the way to it.</summary>
    public static bool IsAvailable => Loaded.Value;

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad("librdkafka.so.1", out _))
        {
            return false;
        }

        NativeLibrary.SetDllImportResolver(typeof(Confluent.Kafka.Library).Assembly, Resolve);
        return true;
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "librdkafka" ? NativeLibrary.Load("librdkafka.so.1") : IntPtr.Zero;
}
