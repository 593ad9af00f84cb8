using System.Text.Json;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Shorter words for tests.</summary>
internal static class TestClientVerbs
{
    /// <summary>PUT that must succeed.</summary>
    public static Task<JsonElement> PutAsync(this TestClient client, string path, object body) => client.DataAsync(HttpMethod.Put, path, body);
}
