using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Pages.Filters;

/// <summary>A filter as somebody writes it: the text and the conditions that it says, each of which can be changed.</summary>
public sealed class FilterDraft
{
    public string Name { get; set; } = "";
    public int StreamId { get; set; }
    public string Expression { get; private set; } = "";
    public List<AnnotationDraft> Annotations { get; } = [];

    /// <summary>The conditions of the text, or of the last text that could be read.</summary>
    public FilterGroup Tree { get; private set; } = new();

    /// <summary>Whether <see cref="Tree"/> says what the text says.</summary>
    public bool IsTreeCurrent { get; private set; } = true;

    /// <summary>Version that was opened; null for a filter without one.</summary>
    public int? Version { get; init; }

    private string _savedExpression = "";
    private string _savedAnnotations = "";

    /// <summary>Whether it says something else than what was opened.</summary>
    public bool IsChanged => Expression.Trim() != _savedExpression.Trim() || Fingerprint() != _savedAnnotations;

    /// <summary>A version to be changed.</summary>
    public static FilterDraft Of(FilterRecord filter, FilterVersionRecord? version)
    {
        var draft = new FilterDraft { Name = filter.Name, StreamId = filter.StreamId, Version = version?.Number ?? filter.Version };
        draft.WriteText((version is null ? filter.Expression : version.Expression) ?? "");
        var annotations = version is null ? filter.Annotations : version.Annotations;
        draft.Annotations.AddRange(annotations?.EnumerateObject().Select(item => new AnnotationDraft { Key = item.Name, Expression = item.Value.GetString() ?? "" }) ?? []);
        draft.Saved();
        return draft;
    }

    /// <summary>What it says now is what is kept.</summary>
    public void Saved() => (_savedExpression, _savedAnnotations) = (Expression, Fingerprint());

    /// <summary>Takes a text; the conditions follow where it can be read.</summary>
    public void WriteText(string text)
    {
        Expression = text;
        try
        {
            Tree = text.Trim().Length == 0 ? new FilterGroup() : FilterTreeReader.Read(text);
            IsTreeCurrent = true;
        }
        catch (FilterSyntaxException)
        {
            IsTreeCurrent = false;
        }
    }

    /// <summary>The conditions were changed; the text follows.</summary>
    public void WriteTree() => Expression = FilterTreeWriter.Write(Tree);

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

    private string Fingerprint() => string.Join('\n', Written.Select(row => $"{row.Key.Trim()}: {row.Expression}"));
}

/// <summary>A value that is noted with what passes.</summary>
public sealed class AnnotationDraft
{
    public string Key { get; set; } = "";
    public string Expression { get; set; } = "";
}
