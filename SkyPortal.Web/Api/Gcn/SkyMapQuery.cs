using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Gcn;

namespace SkyPortal.Web.Api.Gcn;

/// <summary>Reads localizationDateobs, localizationName and localizationCumprob of lists that a sky map narrows.</summary>
internal static class SkyMapQuery
{
    /// <summary>Most days between the first and the last detection of a list that a sky map narrows.</summary>
    public const double MostDays = 3720;

    /// <summary>The part of the sky map; null where none is named.</summary>
    public static SkyMapPart? Read(ApiQuery query)
    {
        if (query.Time("localizationDateobs") is not { } dateobs)
        {
            return query.Text("localizationName") is null ? null : throw Refusal.Invalid("localizationName needs localizationDateobs, the time of its event.");
        }

        var probability = query.StrictNumber("localizationCumprob") ?? SkyMapPart.UsualProbability;
        return probability is > 0 and <= 1
            ? new SkyMapPart(dateobs, query.Text("localizationName"), probability)
            : throw Refusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"Invalid localizationCumprob: {probability} is not above 0 and at most 1."));
    }

    /// <summary>Refuses a window of detections that is turned round or too wide.</summary>
    public static void CheckWindow(DateTime first, DateTime last, string firstName, string lastName)
    {
        if (first >= last)
        {
            throw Refusal.Invalid($"{firstName} must be before {lastName}.");
        }

        if ((last - first).TotalDays >= MostDays)
        {
            throw Refusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"{firstName} and {lastName} must be less than {MostDays} days apart."));
        }
    }
}
