using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Web.Auth;

/// <summary>
/// On whose behalf a page acts, kept true while it is open: a change of somebody's rights anywhere in the platform makes every open
/// page read its viewer again. Pages take the viewer as a cascading parameter.
/// </summary>
public sealed class CurrentViewer(AuthenticationStateProvider authentication, ReadViewer readViewer, LiveUpdates live) : IDisposable
{
    private static readonly string[] Kinds = ["access.", "user.", "group.", "stream."];
    private readonly SemaphoreSlim _reading = new(1, 1);
    private IDisposable? _subscription;
    private Viewer? _viewer;

    /// <summary>The viewer's rights are others than before. Raised on any thread.</summary>
    public event Action? Changed;

    /// <summary>The viewer; read from the database the first time.</summary>
    public async Task<Viewer> GetAsync()
    {
        if (_viewer is not null)
        {
            return _viewer;
        }

        // Listening first: a change between reading and listening would be missed.
        _subscription ??= live.Subscribe(update => Kinds.Any(kind => update.Kind.StartsWith(kind, StringComparison.Ordinal)), news => _ = RefreshAsync());
        await RefreshAsync();
        return _viewer ?? Viewer.Nobody;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription?.Dispose();
        _reading.Dispose();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await _reading.WaitAsync();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        var before = _viewer;
        try
        {
            _viewer = await ReadAsync();
        }
        finally
        {
            Release();
        }

        if (before is not null && !SameRights(before, _viewer))
        {
            Changed?.Invoke();
        }
    }

    private async Task<Viewer> ReadAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return int.TryParse(state.User.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var userId)
            && await readViewer.ByUserAsync(userId, CancellationToken.None) is { Viewer: { } viewer, Expired: false }
                ? viewer
                : Viewer.Nobody;
    }

    private void Release()
    {
        try
        {
            _reading.Release();
        }
        catch (ObjectDisposedException)
        {
            // The page was closed while its viewer was read.
        }
    }

    private static bool SameRights(Viewer a, Viewer b) =>
        a.UserId == b.UserId && a.Username == b.Username && a.Acls.SetEquals(b.Acls)
        && Same(a.GroupIds, b.GroupIds) && Same(a.AdminGroupIds, b.AdminGroupIds)
        && Same(a.SaveGroupIds, b.SaveGroupIds) && Same(a.StreamIds, b.StreamIds);

    private static bool Same(int[] a, int[] b) => a.Length == b.Length && a.ToHashSet().SetEquals(b);
}
