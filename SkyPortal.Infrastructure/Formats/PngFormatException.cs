namespace SkyPortal.Infrastructure.Formats;

/// <summary>Bytes that are not a valid PNG image. Reading throws this and nothing else, whatever the input.</summary>
public sealed class PngFormatException(string message, Exception? inner = null) : Exception(message, inner);
