using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>How many comments hold the bytes of an attachment themselves, and how many do not.</summary>
public sealed record AttachmentCounts(long TotalWithoutAttachmentBytes, long TotalWithAttachmentBytes);

/// <summary>Counts comments with attachments in one statement. Their bytes are in the file store from the start, so none holds them.</summary>
public sealed class CountAttachments(Contexts contexts)
{
    private const string Sql = """
        select (select count(*) from comments where attachment_hash is not null) + (select count(*) from comments_on_spectra where attachment_hash is not null)
        where @sees_all
        """;

    /// <summary>The counts; for system administrators.</summary>
    public async Task<AttachmentCounts> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer);
        return new AttachmentCounts((await command.ReadAllAsync(reader => reader.GetInt64(0), ct)).SingleOrDefault(), 0);
    }
}
