namespace SkyPortal.Infrastructure.Formats;

/// <summary>A model that cannot be read or run; the message says why, in words for its owner.</summary>
public sealed class OnnxFormatException(string message) : FormatException(message);
