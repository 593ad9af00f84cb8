namespace SkyPortal.Web.Pages.Sources;

/// <summary>Tells the light curve of a page by which period to fold, wherever on the page that was chosen. One per circuit.</summary>
public sealed class ChosenPeriod
{
    /// <summary>An object's light curve is to be folded by a period in days.</summary>
    public event Action<string, double>? Chosen;

    /// <summary>Folds the light curve of an object.</summary>
    public void Choose(string objId, double periodDays) => Chosen?.Invoke(objId, periodDays);

    /// <summary>The period in days of the annotation with one that was written last; null where none does.</summary>
    public static double? Annotated(IEnumerable<Infrastructure.Sources.AnnotationRecord> annotations)
    {
        foreach (var annotation in annotations.OrderByDescending(row => row.Modified).Where(row => row.Data.ValueKind == System.Text.Json.JsonValueKind.Object))
        {
            foreach (var property in annotation.Data.EnumerateObject())
            {
                if (property.Name is "period" or "Period" or "PERIOD" && property.Value.ValueKind == System.Text.Json.JsonValueKind.Number
                    && property.Value.GetDouble() is >= 1e-6 and <= LightCurveView.MostPeriodDays and var days)
                {
                    return days;
                }
            }
        }

        return null;
    }
}
