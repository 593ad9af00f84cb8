using Microsoft.AspNetCore.Components.Authorization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Web.Auth;

/// <summary>
/// On whose behalf a page works. Read afresh whenever rights change anywhere on the site, so that who loses them loses what is
/// open, too.
/// </summary>
public sealed class CurrentViewer : IDisposable
{
    private readonly AuthenticationStateProvider _authentication;
    private readonly ReadViewer _readViewer;
    private readonly IDisposable _subscription;
    private Task<Viewer>? _viewer;

    /// <summary>Follows changes of rights.</summary>
    public CurrentViewer(AuthenticationStateProvider authentication, ReadViewer readViewer, LiveUpdates updates)
    {
        _authentication = authentication;
        _readViewer = readViewer;
        _subscription = updates.Subscribe(
            note => note.Kind.StartsWith("access.", StringComparison.Ordinal) || note.Kind.StartsWith("user.", StringComparison.Ordinal) || note.Kind.StartsWith("group.", StringComparison.Ordinal),
            _ =>
            {
                if (IsRenewing)
                {
                    return;
                }

                _viewer = null;
                Changed?.Invoke();
            });
    }

    /// <summary>Whether the page is about to load again under a new session of the same user: until then its old one counts.</summary>
    public bool IsRenewing { get; set; }

    /// <summary>Rights may have changed: read again what is shown.</summary>
    public event Action? Changed;

    /// <summary>The viewer; nobody where no one is signed in, or where the account has expired.</summary>
    public async Task<Viewer> GetAsync()
    {
        var reading = _viewer ??= ReadAsync();
        try
        {
            return await reading;
        }
        catch
        {
            // A failure is not an answer: the next caller asks again.
            if (ReferenceEquals(_viewer, reading))
            {
                _viewer = null;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private async Task<Viewer> ReadAsync()
    {
        var state = await _authentication.GetAuthenticationStateAsync();
        return await _readViewer.OfSessionAsync(state.User, CancellationToken.None) is { Viewer: { } viewer, Expired: false } ? viewer : Viewer.Nobody;
    }
}
