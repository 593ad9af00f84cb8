using System.Text.RegularExpressions;
using SkyPortal.Domain;

namespace SkyPortal.Web.Components.Shared;

/// <summary>Refusals in words for people: the wire's texts carry what programs look for.</summary>
public static partial class PlainWords
{
    /// <summary>Why something was refused, such as "redshift: Not a valid number."</summary>
    public static string Of(Refusal refusal)
    {
        var text = Opening().Replace(refusal.Message, "");
        var fields = Fields().Matches(text);
        return fields.Count == 0 || !text.StartsWith('{')
            ? text
            : string.Join(" ", fields.Select(field => $"{field.Groups[1].Value.Replace('_', ' ')}: {string.Join(" ", Quoted().Matches(field.Groups[2].Value).Select(word => word.Groups[1].Value))}"));
    }

    [GeneratedRegex(@"\A(?:Invalid|Invalid\s*/\s*missing) parameters:?;?\s*")]
    private static partial Regex Opening();

    [GeneratedRegex(@"'(\w+)': \[((?:'[^']*'(?:, )?)+)\]")]
    private static partial Regex Fields();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
