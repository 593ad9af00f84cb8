using System.Globalization;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>How the bytes of an archived packet are to be read again, as the archive keeps it.</summary>
public static class PacketFraming
{
    /// <summary>An Avro object container, which carries its schema.</summary>
    public const string Container = "container";

    private const string Confluent = "confluent";
    private const string Keyed = "keyed";

    /// <summary>A message framed for a schema registry, with the address of its schema in the file store.</summary>
    public static string Framed(int schemaId, string schemaAddress) =>
        string.Create(CultureInfo.InvariantCulture, $"{Confluent} {schemaId} {schemaAddress}");

    /// <summary>A bare record whose schema was the key of its message, with the address of the schema in the file store.</summary>
    public static string Bare(string schemaAddress) => $"{Keyed} {schemaAddress}";

    /// <summary>Where the schema of a message lies in the file store, and how many bytes stand before its record; null for a container.</summary>
    public static (string Address, int HeaderBytes)? SchemaOf(string framing) => framing.Split(' ') switch
    {
        [Confluent, _, var address] => (address, ConfluentFraming.HeaderBytes),
        [Keyed, var address] => (address, 0),
        _ => null,
    };
}
