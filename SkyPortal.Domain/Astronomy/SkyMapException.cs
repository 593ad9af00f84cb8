namespace SkyPortal.Domain.Astronomy;

/// <summary>Numbers that make no sky map; the message says why, for the one who sent them.</summary>
public sealed class SkyMapException(string message) : Exception(message);
