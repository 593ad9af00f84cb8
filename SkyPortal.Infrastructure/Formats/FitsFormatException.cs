namespace SkyPortal.Infrastructure.Formats;

/// <summary>Bytes that are not a readable FITS image. Reading throws this and nothing else, whatever the input.</summary>
public sealed class FitsFormatException(string message, Exception? inner = null) : Exception(message, inner);
