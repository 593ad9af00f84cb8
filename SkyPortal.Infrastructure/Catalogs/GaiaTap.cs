using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// The tables of Gaia DR3 at the mirrors that hold them, asked one after the other until one answers; the one that answered is
/// asked first the next time. Each is asked once: the other is the repetition. Names of columns may differ in case between mirrors.
/// </summary>
public sealed class GaiaTap(CallOutside call)
{
    /// <summary>The mirror in Potsdam.</summary>
    public static OutsideService Potsdam { get; } = new("GaiaAip", "Gaia at AIP Potsdam", "https://gaia.aip.de/tap") { TimeoutSeconds = 10, Attempts = 1 };

    /// <summary>The archive itself.</summary>
    public static OutsideService Esa { get; } = new("GaiaEsa", "Gaia at ESA", "https://gea.esac.esa.int/tap-server/tap") { TimeoutSeconds = 20, Attempts = 1 };

    private volatile OutsideService _first = Potsdam;

    /// <summary>Asks in ADQL and answers the table.</summary>
    /// <param name="viewer">On whose behalf.</param>
    /// <param name="adql">The query; it must hold nothing that a person typed.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="OutsideException">No mirror answered.</exception>
    public async Task<ReplyTable> QueryAsync(Viewer viewer, string adql, string? subject, CancellationToken ct)
    {
        var first = _first;
        try
        {
            return await AskAsync(viewer, first, adql, subject, ct);
        }
        catch (OutsideException)
        {
            var second = first == Potsdam ? Esa : Potsdam;
            var table = await AskAsync(viewer, second, adql, subject, ct);
            _first = second;
            return table;
        }
    }

    private async Task<ReplyTable> AskAsync(Viewer viewer, OutsideService mirror, string adql, string? subject, CancellationToken ct)
    {
        var reply = await call.HandleAsync(
            viewer,
            new OutsideCall(mirror, "sync")
            {
                Method = HttpMethod.Post,
                IsRead = true,
                Form = [new("REQUEST", "doQuery"), new("LANG", "ADQL"), new("FORMAT", "csv"), new("QUERY", adql)],
                Subject = subject,
            },
            ct);
        return ReplyTable.Csv(mirror, reply.Text);
    }
}

/// <summary>Times of Gaia, which are in barycentric coordinate time.</summary>
public static class GaiaTime
{
    // IAU 2006 resolution B3: TDB = TCB - L_B (JD_TCB - T0) 86400 s + TDB0. TDB is TT within 2 ms.
    private const double Lb = 1.550519768e-8;
    private const double T0JulianDate = 2443144.5003725;
    private const double Tdb0Seconds = -6.55e-5;
    private const double TtMinusTaiSeconds = 32.184;
    private const double SecondsPerDay = 86_400;
    private const double MjdOffsetDays = 2_400_000.5;

    /// <summary>MJD in UTC of a Julian date in TCB. The time stays that of the barycentre: the light's way to it is not taken off.</summary>
    public static double MjdUtcOfTcb(double julianDateTcbDays)
    {
        var tdbDays = julianDateTcbDays - (Lb * (julianDateTcbDays - T0JulianDate)) + (Tdb0Seconds / SecondsPerDay);
        return Mjd.FromTai(tdbDays - MjdOffsetDays - (TtMinusTaiSeconds / SecondsPerDay)).UtcDays;
    }
}
