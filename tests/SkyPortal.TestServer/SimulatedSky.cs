using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SkyPortal.TestServer;

/// <summary>Simulated servers that know where things stand.</summary>
internal static class SimulatedSky
{
    /// <summary>The answer; null where the service or the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request) => (request.Service, request.Path) switch
    {
        ("Horizons", "api/horizons_support.api") => SimulatedReply.Json(JsonSerializer.Serialize(new { count = 1, data = new { name = request["sstr"], id = "20000001" } })),
        ("Horizons", "api/horizons.api") => SimulatedReply.Json(JsonSerializer.Serialize(new { result = Ephemeris(request["START_TIME"]) })),
        _ => null,
    };

    // An hour of a body at rest, minute by minute.
    private static string Ephemeris(string startTime)
    {
        var start = DateTime.Parse(startTime.Trim('\''), CultureInfo.InvariantCulture);
        var text = new StringBuilder("$$SOE\n");
        for (var minute = 0; minute < 60; minute++)
        {
            text.Append(CultureInfo.InvariantCulture, $" {start.AddMinutes(minute):yyyy-MMM-dd HH:mm}, , , 12 00 00.00, +20 00 00.0, 1.2, 0.1, 18.1, n.a.,\n");
        }

        return text.Append("$$EOE\n").ToString();
    }
}
