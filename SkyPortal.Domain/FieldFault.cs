namespace SkyPortal.Domain;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Row">Row of an upload, counted from 0; null where it is not of one row.</param>
/// <param name="Field">Name of the field; null where it is not of one field.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record FieldFault(int? Row, string? Field, string Reason);
