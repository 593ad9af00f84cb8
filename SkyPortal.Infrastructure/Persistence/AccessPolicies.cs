using System.Reflection;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>All access policies of the platform, found by reflection; one per entity.</summary>
public static class AccessPolicies
{
    /// <summary>Policies by entity type.</summary>
    public static IReadOnlyDictionary<Type, IAccessPolicy> All { get; } = typeof(AccessPolicies).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(IAccessPolicy).IsAssignableFrom(type))
        .Select(type => (IAccessPolicy)Activator.CreateInstance(type)!)
        .ToDictionary(policy => policy.EntityType);

    /// <summary>The policy of an entity.</summary>
    public static AccessPolicy<T> Of<T>()
        where T : class => (AccessPolicy<T>)All[typeof(T)];
}
