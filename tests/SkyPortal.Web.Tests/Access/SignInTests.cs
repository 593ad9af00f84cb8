using System.Net;
using System.Net.Http.Json;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Passwords, the sign-in provider and invitations, as a browser meets them.</summary>
public sealed class SignInTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Password_RightAndWrong_SignsInOrNot()
    {
        await using var site = await TestSite.StartAsync();
        await WithPasswordAsync(site, "admin");
        using var browser = new Browser(site.Node.Address);

        Assert.Equal("/sign-in?reason=password", await browser.PostAsync("/sign-in", ("username", "admin"), ("password", "wrong password")));
        Assert.Equal("/sign-in?reason=password", await browser.PostAsync("/sign-in", ("username", "nobody"), ("password", Password)));
        Assert.Equal("/", await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password), ("return", "//evil.example")));
        Assert.Equal(HttpStatusCode.OK, (await browser.Http.GetAsync("/api/internal/profile")).StatusCode);
        Assert.Contains("\"admin\"", await browser.Http.GetStringAsync("/baselayer/profile"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_FromAForeignPage_IsForbidden()
    {
        await using var site = await TestSite.StartAsync();
        using var browser = new Browser(site.Node.Address);
        browser.Http.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        Assert.Equal("403", await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password)));
    }

    [Fact]
    public async Task Password_ManyFailures_MakeTheNameWait()
    {
        var clock = new MovableClock();
        await using var site = await TestSite.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await WithPasswordAsync(site, "admin");
        using var browser = new Browser(site.Node.Address);
        for (var attempt = 0; attempt < SignInThrottle.PerPair; attempt++)
        {
            await browser.PostAsync("/sign-in", ("username", "Admin"), ("password", "wrong"));
        }

        Assert.Equal("/sign-in?reason=wait", await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password)));
        clock.Advance(SignInThrottle.Window + TimeSpan.FromSeconds(1));
        Assert.Equal("/", await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password)));
    }

    [Fact]
    public async Task PutPassword_InOneSession_EndsTheOthersAndKeepsTokens()
    {
        await using var site = await TestSite.StartAsync();
        await WithPasswordAsync(site, "admin");
        var token = await site.Node.AdminAsync();
        using var own = new Browser(site.Node.Address);
        using var other = new Browser(site.Node.Address);
        foreach (var browser in new[] { own, other })
        {
            Assert.Equal("/", await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password)));
            browser.Http.DefaultRequestHeaders.Add("Origin", site.Node.Address.TrimEnd('/'));
        }

        using var reply = await own.Http.PutAsJsonAsync("/api/internal/password", new { current_password = Password, password = "another horse battery" });

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await own.Http.GetAsync("/api/internal/profile")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.Http.GetAsync("/api/internal/profile")).StatusCode);
        await token.GetAsync("/api/internal/profile");
    }

    [Fact]
    public async Task PutPassword_ByToken_IsRefused()
    {
        await using var site = await TestSite.StartAsync();
        var admin = await site.Node.AdminAsync();

        var (status, _) = await admin.SendAsync(HttpMethod.Put, "/api/internal/password", new { password = Password });

        Assert.Equal(401, status);
    }

    [Fact]
    public async Task BecomeUser_ByAdministrator_ActsAsThatUserAndNobodyElseMay()
    {
        await using var site = await TestSite.StartAsync();
        await WithPasswordAsync(site, "admin");
        var user = await site.Node.ClientAsync("someone");
        await WithPasswordAsync(site, "someone");
        using var browser = new Browser(site.Node.Address);
        Assert.StartsWith("/sign-in", await browser.GetAsync($"/become_user/{user.UserId}"), StringComparison.Ordinal);
        await browser.PostAsync("/sign-in", ("username", "someone"), ("password", Password));
        Assert.Equal("400", await browser.GetAsync("/become_user/1"));
        await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password));
        Assert.Equal("/", await browser.GetAsync($"/become_user/{user.UserId}"));
        Assert.Contains("someone", await browser.Http.GetStringAsync("/baselayer/profile"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    public async Task Session_OfARequestFromAnotherPage_DoesNotActForAnybody(string header, string value)
    {
        await using var site = await TestSite.StartAsync();
        await WithPasswordAsync(site, "admin");
        using var browser = new Browser(site.Node.Address);
        await browser.PostAsync("/sign-in", ("username", "admin"), ("password", Password));

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/groups") { Content = new StringContent("""{"name": "taken over"}""") };
        foreign.Headers.Add(header, value);
        using var refused = await browser.Http.SendAsync(foreign, TestContext.Current.CancellationToken);
        using var own = new HttpRequestMessage(HttpMethod.Post, "/api/groups") { Content = new StringContent("""{"name": "own"}""") };
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var done = await browser.Http.SendAsync(own, TestContext.Current.CancellationToken);
        using var link = new HttpRequestMessage(HttpMethod.Get, "/api/candidates?autosave=true&autosaveGroupIds=1");
        link.Headers.Add(header == "Origin" ? "Referer" : header, value);
        using var saved = await browser.Http.SendAsync(link, TestContext.Current.CancellationToken);

        Assert.Equal((403, 200, 403), ((int)refused.StatusCode, (int)done.StatusCode, (int)saved.StatusCode));
    }

    [Fact]
    public async Task Token_OfAUserWhoLosesARole_LosesItToo()
    {
        await using var site = await TestSite.StartAsync();
        var admin = await site.Node.AdminAsync();
        var second = await site.Node.ClientAsync("second-admin", SkyPortal.Domain.Access.Role.SuperAdmin);
        Assert.Equal(200, (await second.SendAsync(HttpMethod.Get, "/api/db_stats")).Status);

        await admin.SendAsync(HttpMethod.Delete, $"/api/user/{second.UserId}/roles/Super%20admin");

        Assert.Equal(401, (await second.SendAsync(HttpMethod.Get, "/api/db_stats")).Status);
    }

    [Fact]
    public async Task Invitation_NotConfigured_IsRefusedAsTheContractSays()
    {
        await using var site = await TestSite.StartAsync();
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/invitations", new { userEmail = "a@example.org", groupIDs = new[] { 1 } });
        var page = await admin.GetAsync("/api/invitations");

        Assert.Equal((400, "Invitations are not enabled in current deployment."), (status, envelope.GetProperty("message").GetString()));
        Assert.Equal("""{"invitations":[],"totalMatches":0}""", page.GetRawText());
    }

    [Fact]
    public async Task Invitation_ByMail_LetsSomebodyJoinOnceWithItsGroupsAndRole()
    {
        await using var smtp = new SmtpSink();
        await using var site = await TestSite.StartAsync(builder => Mail(builder, smtp));
        var admin = await site.Node.AdminAsync();
        var groupId = (await admin.PostAsync("/api/groups", new { name = "invited group" })).GetProperty("id").GetInt32();
        var id = (await admin.PostAsync("/api/invitations", new
        {
            userEmail = "guest@example.org", groupIDs = new[] { groupId }, role = "View only", groupAdmin = new[] { true }, canSave = new[] { false },
        })).GetProperty("id").GetInt32();
        var secret = HttpUtility.ParseQueryString(new Uri(smtp.Link()).Query)["invite_token"]!;
        var row = (await admin.GetAsync("/api/invitations")).GetProperty("invitations")[0];
        Assert.Equal((id, "guest@example.org"), (row.GetProperty("id").GetInt32(), row.GetProperty("user_email").GetString()));
        Assert.DoesNotContain(secret, row.GetRawText(), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(secret, out _), secret);

        using var browser = new Browser(site.Node.Address);
        var weak = await browser.PostAsync("/sign-up", ("invite_token", secret), ("username", "guest"), ("password", "short"));
        var joined = await browser.PostAsync("/sign-up", ("invite_token", secret), ("username", "guest"), ("password", Password));
        var again = await browser.PostAsync("/sign-up", ("invite_token", secret), ("username", "guest2"), ("password", Password));

        Assert.Contains("reason=invitation", weak, StringComparison.Ordinal);
        Assert.True(joined == "/profile?newUser=true", joined);
        Assert.Contains("reason=invitation", again, StringComparison.Ordinal);
        var member = (await admin.GetAsync($"/api/groups/{groupId}")).GetProperty("users").EnumerateArray().Single();
        Assert.Equal(("guest", true, false), (member.GetProperty("username").GetString(), member.GetProperty("admin").GetBoolean(), member.GetProperty("can_save").GetBoolean()));
        Assert.Equal(0, (await admin.GetAsync("/api/invitations")).GetProperty("totalMatches").GetInt32());
    }

    [Theory]
    [InlineData("""{"userEmail": "a@example.org", "groupIDs": [9999]}""", "9999")]
    [InlineData("""{"userEmail": "a@example.org", "groupIDs": [1], "streamIDs": [9999]}""", "9999")]
    [InlineData("""{"userEmail": "", "groupIDs": [1]}""", "userEmail")]
    [InlineData("""{"userEmail": "a@example.org", "groupIDs": [1], "role": "Super admin"}""", "role")]
    [InlineData("""{"userEmail": "a@example.org", "groupIDs": [1], "canSave": [true, false]}""", "canSave")]
    [InlineData("""{"userEmail": "a@example.org", "groupIDs": [1], "userExpirationDate": "soon"}""", "userExpirationDate")]
    public async Task Invitation_BadRequest_IsRefusedByName(string body, string message)
    {
        await using var smtp = new SmtpSink();
        await using var site = await TestSite.StartAsync(builder => Mail(builder, smtp));
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/invitations", body);

        Assert.Equal(400, status);
        Assert.Contains(message, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await admin.GetAsync("/api/invitations")).GetProperty("totalMatches").GetInt32());
    }

    [Fact]
    public async Task Provider_UnknownUser_IsRefusedUnlessInvitedOrConfigured()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var smtp = new SmtpSink();
        await using var site = await TestSite.StartAsync(builder =>
        {
            Mail(builder, smtp);
            provider.Configure(builder.Configuration);
        });
        var admin = await site.Node.AdminAsync();
        var groupId = (await admin.PostAsync("/api/groups", new { name = "provider group" })).GetProperty("id").GetInt32();
        await admin.PostAsync("/api/invitations", new { userEmail = "guest@example.org", groupIDs = new[] { groupId } });
        using var browser = new Browser(site.Node.Address);

        Assert.Contains("ask%20for%20an%20invitation", await browser.FollowAsync("/login/oidc/"), StringComparison.Ordinal);
        Assert.Equal("/profile?newUser=true", await browser.FollowAsync(new Uri(smtp.Link()).PathAndQuery));
        Assert.Equal("/", await browser.FollowAsync("/login/oidc/"));
        Assert.Contains("vera", await browser.Http.GetStringAsync("/baselayer/profile"), StringComparison.Ordinal);
        Assert.Equal("vera", (await admin.GetAsync($"/api/groups/{groupId}")).GetProperty("users")[0].GetProperty("username").GetString());
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("issuer")]
    [InlineData("client")]
    [InlineData("valid%20now")]
    [InlineData("another%20sign-in")]
    public async Task Provider_BadToken_SignsNobodyIn(string fault)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Fault = fault;
        await using var site = await TestSite.StartAsync(builder =>
        {
            provider.Configure(builder.Configuration);
            builder.Configuration["Authentication:Oidc:CreateUsers"] = "true";
        });
        using var browser = new Browser(site.Node.Address);

        Assert.Contains(fault, await browser.FollowAsync("/login/oidc/"), StringComparison.Ordinal);
        provider.Fault = null;
        Assert.Contains("another%20browser", await browser.GetAsync("/complete/oidc/?code=x&state=forged"), StringComparison.Ordinal);
        Assert.Equal("/", await browser.FollowAsync("/login/oidc/"));
    }

    private static void Mail(WebApplicationBuilder builder, SmtpSink smtp)
    {
        builder.Configuration["Mail:Host"] = "127.0.0.1";
        builder.Configuration["Mail:Port"] = $"{smtp.Port}";
        builder.Configuration["Mail:UseTls"] = "false";
        builder.Configuration["Mail:From"] = "portal@example.org";
        builder.Configuration["Invitations:Enabled"] = "true";
    }

    private static async Task WithPasswordAsync(TestSite site, string username)
    {
        var admin = (await site.Node.ClientAsync(username)).UserId;
        await site.Node.Services.GetRequiredService<SetPassword>().HandleAsync(Viewer.System, admin, null, Password, CancellationToken.None);
    }
}
