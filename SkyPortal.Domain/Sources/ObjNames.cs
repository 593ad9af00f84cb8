using System.Text.RegularExpressions;

namespace SkyPortal.Domain.Sources;

/// <summary>Names that objects may have.</summary>
public static partial class ObjNames
{
    // Browsers and proxies resolve the first two in an address; the third is an address of its own under /api/sources.
    private static readonly string[] Unreachable = [".", "..", "comments"];

    /// <summary>Whether a name has 1 to 250 letters, digits and - _ ; : + . and no other characters.</summary>
    public static bool AreLettersRight(string name) => Pattern().IsMatch(name);

    /// <summary>Whether an object of this name could not be asked for by its address.</summary>
    public static bool IsUnreachable(string name) => Unreachable.Contains(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9_\-;:+.]{1,250}\z")]
    private static partial Regex Pattern();
}
