using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>One packet as it came.</summary>
/// <param name="Name">What its sender calls it: a file's path, or topic, partition and offset.</param>
/// <param name="Bytes">The message itself; empty where it could not be read.</param>
/// <param name="Fault">Why the bytes could not be read; null where they could.</param>
public sealed record AlertPacket(string Name, ReadOnlyMemory<byte> Bytes, string? Fault = null)
{
    /// <summary>The schema of a bare record, as JSON; empty where the bytes tell it.</summary>
    public ReadOnlyMemory<byte> Schema { get; init; }
}

/// <summary>One measurement that a packet carries, on the AB system.</summary>
/// <param name="Filter">Bandpass name, such as ztfg.</param>
/// <param name="Mjd">UTC MJD, days.</param>
/// <param name="FluxMicroJansky">Difference flux, negative where the source faded; null for a non-detection.</param>
/// <param name="FluxerrMicroJansky">One sigma, above 0.</param>
/// <param name="Origin">How it was measured; <see cref="AlertOrigins"/>.</param>
/// <param name="RaDegrees">ICRS, where the packet tells it.</param>
/// <param name="DecDegrees">ICRS, where the packet tells it.</param>
/// <param name="Programme">Programme of the survey under which this point was taken.</param>
public sealed record AlertMeasurement(
    string Filter,
    double Mjd,
    double? FluxMicroJansky,
    double FluxerrMicroJansky,
    string Origin,
    double? RaDegrees,
    double? DecDegrees,
    int Programme);

/// <summary>Origins of points that come in packets.</summary>
public static class AlertOrigins
{
    /// <summary>Detections and upper limits of the survey's own pipeline.</summary>
    public const string Alert = "None";

    /// <summary>Forced photometry that the survey measured at the object's position.</summary>
    public const string ForcedPhotometry = "alert_fp";
}

/// <summary>A packet in the terms that all surveys share.</summary>
public sealed record DecodedAlert
{
    /// <summary>Name of the packet, for reports.</summary>
    public string Name { get; init; } = "";

    /// <summary>The message as it came.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>How the bytes are framed; see <see cref="PacketFraming"/>.</summary>
    public string Framing { get; init; } = PacketFraming.Container;

    /// <summary>ZTF, LSST, WINTER or DECam: also the name of the instrument and the beginning of the stream's collection.</summary>
    public required string Survey { get; init; }

    /// <summary>The survey's number of the detection.</summary>
    public required long AlertId { get; init; }

    /// <summary>Name of the object.</summary>
    public required string ObjId { get; init; }

    /// <summary>UTC MJD, days.</summary>
    public required double Mjd { get; init; }

    /// <summary>ICRS, 0 to below 360.</summary>
    public required double RaDegrees { get; init; }

    /// <summary>ICRS, -90 to 90.</summary>
    public required double DecDegrees { get; init; }

    /// <summary>Programme of the exposure.</summary>
    public required int Programme { get; init; }

    /// <summary>Real/bogus score, 0 to 1, where the survey gives one.</summary>
    public double? Score { get; init; }

    /// <summary>Whether it is a known body of the solar system.</summary>
    public bool IsRoid { get; init; }

    /// <summary>Designation of that body.</summary>
    public string? MpcName { get; init; }

    /// <summary>All that the packet says.</summary>
    public required PacketRecord Packet { get; init; }

    /// <summary>Its measurements, each once; the triggering one is among them where it is usable.</summary>
    public required IReadOnlyList<AlertMeasurement> Photometry { get; init; }

    /// <summary>The survey's observing night of the exposure; the partition of the archive.</summary>
    public DateOnly Night => SurveyNight.Of(Survey, Mjd);
}
