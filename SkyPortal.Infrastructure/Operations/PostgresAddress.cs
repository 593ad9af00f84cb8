using Npgsql;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>Reads a database address as operators write it: <c>postgres://user:password@host:port/name?sslmode=require</c> or key=value pairs.</summary>
internal static class PostgresAddress
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["host"] = "Host",
        ["port"] = "Port",
        ["target_session_attrs"] = "Target Session Attributes",
        ["options"] = "Options",
    };

    /// <param name="text">The address.</param>
    /// <param name="source">Name of the setting it came from, for messages.</param>
    /// <exception cref="PrivatePostgresException">Not readable; the message names the part but no value.</exception>
    public static string Parse(string text, string source)
    {
        var address = text.Trim();
        var isUrl = address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
        var parts = isUrl ? FromUrl(address, source) : FromPairs(address, source);
        if (string.IsNullOrEmpty(parts.Host)) throw Unreadable(source, "it names no host");
        if (string.IsNullOrEmpty(parts.Database)) throw Unreadable(source, "it names no database");
        return parts.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder FromPairs(string text, string source)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            throw Unreadable(source, "a key or value is not one that Npgsql knows");
        }
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string text, string source)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) throw Unreadable(source, "the address is malformed (is a special character in the password percent-encoded?)");
        var parts = new NpgsqlConnectionStringBuilder();
        if (url.Host.Length > 0) parts.Host = Uri.UnescapeDataString(url.Host).Trim('[', ']');
        if (url.Port > 0) parts.Port = url.Port;
        var login = url.UserInfo.Split(':', 2);
        if (login[0].Length > 0) parts.Username = Uri.UnescapeDataString(login[0]);
        if (login.Length > 1) parts.Password = Uri.UnescapeDataString(login[1]);
        var name = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/'));
        if (name.Length > 0) parts.Database = name;

        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var k, var v] ? (Uri.UnescapeDataString(k), Uri.UnescapeDataString(v)) : (pair, "");
            try
            {
                parts[Known.GetValueOrDefault(key, key)] = key.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? value.Replace("-", "") : value;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
            {
                throw Unreadable(source, $"the parameter '{key}' is not known or its value is not allowed");
            }
        }

        return parts;
    }

    private static PrivatePostgresException Unreadable(string source, string why) =>
        new($"{source} is not a PostgreSQL address: {why}. Write postgres://user:password@host:5432/database or Host=…;Username=…;Password=…;Database=….");
}
