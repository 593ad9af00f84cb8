namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>A filter as its owner wrote it.</summary>
/// <param name="Expression">The condition that an alert must meet to become a candidate.</param>
/// <param name="Annotations">Expressions by name, whose values are kept with alerts that pass; may be null.</param>
public sealed record FilterDefinition(string Expression, IReadOnlyDictionary<string, string>? Annotations = null);

/// <summary>What a filter says of one alert.</summary>
/// <param name="Passed">Whether the alert meets the condition.</param>
/// <param name="Annotations">
/// Values by annotation name: double, long (integer fields, exact), bool, string or null. Empty where the alert does not pass.
/// </param>
/// <param name="IsExhausted">Whether the evaluation was given up because it would visit more than <see cref="FilterLimits.VisitedElements"/> array elements; it then does not pass.</param>
public sealed record FilterOutcome(bool Passed, IReadOnlyDictionary<string, object?> Annotations, bool IsExhausted = false);
