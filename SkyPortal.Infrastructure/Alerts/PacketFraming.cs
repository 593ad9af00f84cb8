using System.Globalization;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>How the bytes of an archived packet are to be read again, as the archive keeps it.</summary>
public static class PacketFraming
{
    /// <summary>An Avro object container, which carries its schema.</summary>
    public const string Container = "container";

    private const string Confluent = "confluent";

    /// <summary>A message framed for a schema registry, with the address of its schema in the file store.</summary>
    public static string Framed(int schemaId, string schemaAddress) =>
        string.Create(CultureInfo.InvariantCulture, $"{Confluent} {schemaId} {schemaAddress}");

    /// <summary>Address of the schema of a framed message; null for a container.</summary>
    public static string? SchemaAddress(string framing) =>
        framing.Split(' ') is [Confluent, _, var address] ? address : null;
}
