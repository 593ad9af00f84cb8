using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Pages.Access;

/// <summary>A filter as somebody writes it; what is written stays while the sheet is closed.</summary>
public sealed class FilterDraft
{
    /// <summary>The filter that is changed; null for a new one.</summary>
    public int? Id { get; init; }

    public string Name { get; set; } = "";
    public int StreamId { get; set; }
    public string Expression { get; set; } = "";
    public List<AnnotationDraft> Annotations { get; } = [];
    public bool Autosave { get; set; }
    public bool Active { get; set; } = true;

    /// <summary>A filter to be changed.</summary>
    public static FilterDraft Of(FilterRecord filter)
    {
        var draft = new FilterDraft
        {
            Id = filter.Id, Name = filter.Name, StreamId = filter.StreamId, Expression = filter.Expression ?? "", Autosave = filter.Autosave, Active = filter.Active,
        };
        draft.Annotations.AddRange(filter.Annotations?.EnumerateObject().Select(item => new AnnotationDraft { Key = item.Name, Expression = item.Value.GetString() ?? "" }) ?? []);
        return draft;
    }

    /// <summary>Rows that say something.</summary>
    public IEnumerable<AnnotationDraft> Written => Annotations.Where(row => row.Key.Trim().Length > 0 || row.Expression.Trim().Length > 0);

    /// <summary>What is wrong with a row's name; null where nothing is.</summary>
    public string? FaultOfKey(AnnotationDraft row) => row.Key.Trim() switch
    {
        "" when row.Expression.Trim().Length > 0 => "Give the value a name.",
        "" => null,
        var key when Annotations.Any(other => other != row && other.Key.Trim() == key) => $"There are two values named {key}.",
        _ => null,
    };

    /// <summary>Annotations by name; only where no name has a fault.</summary>
    public Dictionary<string, string> ToAnnotations() => Written.ToDictionary(row => row.Key.Trim(), row => row.Expression, StringComparer.Ordinal);
}

/// <summary>A value that is noted with what passes.</summary>
public sealed class AnnotationDraft
{
    public string Key { get; set; } = "";
    public string Expression { get; set; } = "";
}
