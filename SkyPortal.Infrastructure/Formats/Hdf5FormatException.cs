namespace SkyPortal.Infrastructure.Formats;

/// <summary>Bytes are no HDF5 file, or one of a kind that is not read here. The message says what is wrong and may be shown to a client.</summary>
public sealed class Hdf5FormatException(string message) : FormatException(message);
