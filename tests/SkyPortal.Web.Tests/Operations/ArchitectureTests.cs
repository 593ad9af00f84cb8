using System.Reflection;
using Xunit;

namespace SkyPortal.Web.Tests.Operations;

/// <summary>References point one way.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("SkyPortal.Domain", "")]
    [InlineData("SkyPortal.Infrastructure", "SkyPortal.Domain")]
    [InlineData("SkyPortal.Jobs", "SkyPortal.Domain,SkyPortal.Infrastructure")]
    [InlineData("SkyPortal.Migrations", "SkyPortal.Domain,SkyPortal.Infrastructure")]
    public void Project_References_OnlyWhatIsBelowIt(string project, string allowed)
    {
        var own = Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("SkyPortal.", StringComparison.Ordinal));

        Assert.Empty(own.Except(allowed.Split(',')));
    }
}
