using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Configuration;

namespace SkyPortal.Infrastructure.Outside;

/// <summary>Sends e-mail.</summary>
public interface IMailer
{
    /// <summary>Whether a server is configured.</summary>
    bool IsEnabled { get; }

    /// <summary>Sends a plain text message; throws <see cref="SmtpException"/> where the server does not take it.</summary>
    Task SendAsync(string recipient, string subject, string text, CancellationToken ct);
}

/// <summary>The server for outgoing mail.</summary>
public sealed record MailSettings
{
    /// <summary>Host; null where no mail is sent.</summary>
    public string? Host { get; init; }
    public int Port { get; init; } = 587;
    public string? Username { get; init; }
    public string? Password { get; init; }

    /// <summary>Whether STARTTLS is demanded.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>Sender's address.</summary>
    public string From { get; init; } = "skyportal@localhost";

    /// <summary>Reads the section Mail.</summary>
    public static MailSettings Read(IConfiguration? configuration) => configuration?.GetSection("Mail").Get<MailSettings>() ?? new MailSettings();
}

/// <summary>Sends e-mail by SMTP.</summary>
public sealed class SmtpMailer(MailSettings settings) : IMailer
{
    /// <inheritdoc/>
    public bool IsEnabled => !string.IsNullOrWhiteSpace(settings.Host);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public async Task SendAsync(string recipient, string subject, string text, CancellationToken ct)
    {
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.UseTls };
        if (settings.Username is not null)
        {
            client.Credentials = new NetworkCredential(settings.Username, settings.Password);
        }

        using var message = new MailMessage(settings.From, recipient, subject, text.ReplaceLineEndings("\r\n"));
        // The client's own time-out counts only where it blocks.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await client.SendMailAsync(message, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SmtpException($"The mail server did not answer within {Patience.TotalSeconds:0} seconds.");
        }
    }
}
