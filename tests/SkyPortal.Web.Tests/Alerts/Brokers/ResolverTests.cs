using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>A name that only the resolver of the CDS may know, while it is not there.</summary>
public sealed class ResolverTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    [Theory]
    [InlineData(BrokerFault.Down, "CDS Sesame answered 503 ServiceUnavailable")]
    [InlineData(BrokerFault.Reset, "CDS Sesame cannot be reached: ")]
    [InlineData(BrokerFault.WebPage, "CDS Sesame answered what cannot be read: ")]
    public async Task ObjectCone_ResolverFails_SaysSoAndNotThatTheNameIsWrong(BrokerFault fault, string cause)
    {
        scene.Outside.Break("Sesame", fault);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Get, "/api/alerts?objectcone=M31,1.5");
        scene.Outside.Mend("Sesame");

        var message = envelope.GetProperty("message").GetString()!;
        Assert.Equal(400, status);
        Assert.StartsWith(cause, message, StringComparison.Ordinal);
        Assert.Contains("M31", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Invalid", message, StringComparison.Ordinal);
    }
}
