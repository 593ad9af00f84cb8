using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>A row of the matrix: a detection that some groups, some streams and its owner hold.</summary>
internal sealed record MatrixRow(long Id, double Mjd, int[] Groups, int[] Streams, int OwnerId);

/// <summary>Somebody, with the groups and streams that count; <paramref name="SeesAll"/> for an administrator.</summary>
internal sealed record MatrixPerson(string Name, int UserId, TestClient Client, int[] Groups, int[] Streams, bool SeesAll)
{
    /// <summary>Said here again, and not asked of the product: any group, any stream, or one's own.</summary>
    public bool Sees(MatrixRow row) => SeesByGroup(row) || row.Streams.Intersect(Streams).Any() || row.OwnerId == UserId;

    /// <summary>Whether a group, or being an administrator, shows it.</summary>
    public bool SeesByGroup(MatrixRow row) => SeesAll || row.Groups.Intersect(Groups).Any();
}

/// <summary>An object that everybody of the field sees, points of every kind, and people of every kind.</summary>
internal sealed class PhotometryMatrix(string mark, int instrumentId, int fieldGroup, int[] groups, int[] streams)
{
    private const double FirstMjd = 60_000;

    public string ObjId => $"M{mark}";

    public int InstrumentId => instrumentId;

    public int FieldGroup => fieldGroup;

    public int[] Streams => streams;

    public List<MatrixPerson> People { get; } = [];

    public List<MatrixRow> Rows { get; } = [];

    /// <summary>Makes the people and the points.</summary>
    public async Task FillAsync(TestNode node)
    {
        foreach (var held in Subsets(groups))
        {
            foreach (var flows in Subsets(streams))
            {
                await AddPersonAsync(node, $"groups {held.Length}:{string.Join('+', held)} streams {flows.Length}:{string.Join('+', flows)}", held, flows);
            }
        }

        var admin = await node.AdminAsync();
        People.Add(new MatrixPerson("administrator", admin.UserId, admin, groups, streams, SeesAll: true));
        int[] owners = [People[0].UserId, admin.UserId];
        var points = new List<PhotometryPoint>();
        foreach (var held in Subsets(groups))
        {
            foreach (var flows in Subsets(streams))
            {
                foreach (var owner in owners)
                {
                    points.Add(Point(FirstMjd + points.Count + (0.137 * points.Count % 0.5), held, flows, owner));
                }
            }
        }

        await WriteAsync(node, points);
    }

    /// <summary>Makes somebody with some of the groups and streams.</summary>
    public async Task<MatrixPerson> PersonAsync(TestNode node, string name, int[] held, int[] flows, bool inTheField)
    {
        (int, bool)[] memberships = [.. held.Concat(inTheField ? [fieldGroup] : []).Select(id => (id, false))];
        var client = await node.ClientAsync($"{name}-{mark}".Replace(' ', '-').Replace(':', '-'), Role.FullUser, memberships);
        await using var db = node.Contexts.For(Viewer.System);
        db.AddRange(flows.Select(id => new StreamUser { StreamId = id, UserId = client.UserId }));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return new MatrixPerson(name, client.UserId, client, held, flows, SeesAll: false);
    }

    private async Task AddPersonAsync(TestNode node, string name, int[] held, int[] flows) =>
        People.Add(await PersonAsync(node, name, held, flows, inTheField: true));

    private PhotometryPoint Point(double mjd, int[] held, int[] flows, int owner) => new()
    {
        ObjId = ObjId,
        InstrumentId = instrumentId,
        Filter = "ztfg",
        Mjd = mjd,
        Flux = 100 + (10 * Math.Sin(mjd)),
        Fluxerr = 1,
        UploadId = Guid.NewGuid(),
        OwnerId = owner,
        GroupIds = held,
        StreamIds = flows,
        CreatedAt = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Modified = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    private async Task WriteAsync(TestNode node, List<PhotometryPoint> points)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var connection = await node.Contexts.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var written = await new PhotometryWriter().WriteAsync(connection, transaction, points, ct);
        await node.Services.GetRequiredService<UpdatePhotStats>().HandleAsync(connection, transaction, points, written, ct);
        await transaction.CommitAsync(ct);
        Rows.AddRange(points.Select((point, i) => new MatrixRow(written[i].Id, point.Mjd, point.GroupIds, point.StreamIds, point.OwnerId)));
    }

    private static IEnumerable<int[]> Subsets(int[] two) => [[], [two[0]], [two[1]], two];
}
