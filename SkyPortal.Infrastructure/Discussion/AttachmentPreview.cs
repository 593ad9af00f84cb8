using System.Text;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>What an attachment is shown as.</summary>
public enum PreviewKind
{
    /// <summary>It can only be downloaded.</summary>
    None,
    Picture,
    Pdf,
    Text,
}

/// <summary>An attachment as it is shown inline.</summary>
/// <param name="MediaType">Type by which it is served, fixed by the kind and not by the sender.</param>
public sealed record AttachmentPreview(PreviewKind Kind, string MediaType, byte[] Bytes)
{
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
        { ".txt", ".log", ".csv", ".tsv", ".json", ".dat", ".ascii", ".md", ".reg", ".xml", ".html", ".htm", ".js", ".py", ".yaml", ".yml" };

    /// <summary>How a file of this name is shown.</summary>
    public static PreviewKind KindOf(string fileName) => Extension(fileName) switch
    {
        ".png" or ".jpg" or ".jpeg" or ".gif" or ".webp" or ".fits" or ".fit" or ".fits.gz" => PreviewKind.Picture,
        ".pdf" => PreviewKind.Pdf,
        var extension => Texts.Contains(extension) ? PreviewKind.Text : PreviewKind.None,
    };

    /// <summary>The file as it is shown. Text of any kind is served as plain text, and a FITS image as PNG.</summary>
    /// <exception cref="Refusal">It cannot be shown, or is not what its name says.</exception>
    public static AttachmentPreview Of(string fileName, byte[] bytes)
    {
        var extension = Extension(fileName);
        return KindOf(fileName) switch
        {
            PreviewKind.Picture => Picture(extension, bytes),
            PreviewKind.Pdf when bytes.AsSpan().StartsWith("%PDF-"u8) => new AttachmentPreview(PreviewKind.Pdf, "application/pdf", bytes),
            PreviewKind.Text => new AttachmentPreview(PreviewKind.Text, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes))),
            PreviewKind.None => throw Refusal.Invalid($"Attachments of the type {extension} cannot be previewed."),
            _ => throw NotWhatItSays(extension),
        };
    }

    private static AttachmentPreview Picture(string extension, byte[] bytes)
    {
        if (extension.StartsWith(".fit", StringComparison.Ordinal))
        {
            try
            {
                return new AttachmentPreview(PreviewKind.Picture, "image/png", CutoutRenderer.Render(bytes, CutoutKind.Science, CutoutOrientation.FlipVertically).Png);
            }
            catch (FitsFormatException fault)
            {
                throw Refusal.Invalid($"The attachment has no FITS image that can be shown: {fault.Message}");
            }
        }

        // The first bytes tell what it is; a name alone decides nothing.
        var start = bytes.AsSpan();
        var type = start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? "image/png"
            : start is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
            : start.StartsWith("GIF8"u8) ? "image/gif"
            : start.Length > 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? "image/webp"
            : throw NotWhatItSays(extension);
        return new AttachmentPreview(PreviewKind.Picture, type, bytes);
    }

    private static Refusal NotWhatItSays(string extension) => Refusal.Invalid($"The attachment cannot be previewed: it is not of the type {extension}.");

    private static string Extension(string fileName) => fileName.EndsWith(".fits.gz", StringComparison.OrdinalIgnoreCase) ? ".fits.gz" : Path.GetExtension(fileName).ToLowerInvariant();
}
