namespace SkyPortal.Web.Commands;

/// <summary>Something wrong with how a command was called.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The words of a command: options with values, switches, and the rest in order.</summary>
public sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _options = [];
    private readonly HashSet<string> _switches = [];

    /// <summary>Reads the words; everything after <c>--</c> goes to <see cref="Settings"/>.</summary>
    public Arguments(IReadOnlyList<string> words, IReadOnlyCollection<string> options, IReadOnlyCollection<string> switches)
    {
        var plain = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                Settings = [.. words.Skip(i + 1)];
                break;
            }

            var name = word.Split('=', 2)[0];
            if (options.Contains(name))
            {
                var value = word.Contains('=', StringComparison.Ordinal) ? word.Split('=', 2)[1]
                    : ++i < words.Count ? words[i] : throw new UsageException($"{name} needs a value.");
                (_options.TryGetValue(name, out var values) ? values : _options[name] = []).Add(value);
            }
            else if (switches.Contains(word))
            {
                _switches.Add(word);
            }
            else if (word.StartsWith('-'))
            {
                throw new UsageException($"{word} is not an option of this command.");
            }
            else
            {
                plain.Add(word);
            }
        }

        Plain = plain;
    }

    /// <summary>Words that are neither options nor switches.</summary>
    public IReadOnlyList<string> Plain { get; }

    /// <summary>Words after <c>--</c>.</summary>
    public string[] Settings { get; } = [];

    /// <summary>Last value of an option, or null.</summary>
    public string? Option(string name) => _options.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>All values of an option.</summary>
    public IReadOnlyList<string> Options(string name) => _options.TryGetValue(name, out var values) ? values : [];

    /// <summary>Whether a switch was given.</summary>
    public bool Switch(string name) => _switches.Contains(name);

    /// <summary>An option that must be given.</summary>
    public string Required(string name) => Option(name) ?? throw new UsageException($"{name} is missing.");
}
