using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// Looks a name up with Sesame, the name resolver of the CDS, which asks SIMBAD, NED and VizieR in turn. Reply: XML with an element
/// Resolver for each that was asked, which has jradeg and jdedeg (J2000, degrees) where it knows the name.
/// </summary>
public sealed class SesameResolver(CallOutside call)
{
    /// <summary>The service in Strasbourg.</summary>
    public static OutsideService Service { get; } = new("Sesame", "CDS Sesame", "https://cds.unistra.fr/cgi-bin/nph-sesame") { TimeoutSeconds = 10, Attempts = 2 };

    /// <summary>Where the name lies; null where nobody knows it.</summary>
    /// <exception cref="OutsideException">Sesame did not answer.</exception>
    public async Task<SkyPosition?> HandleAsync(Viewer viewer, string name, CancellationToken ct)
    {
        var reply = await call.HandleAsync(viewer, new OutsideCall(Service, "-oxp/SNV") { Query = [new("", name)], Subject = name }, ct);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(reply.Body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = 1 << 20 });
            var root = XDocument.Load(reader).Root!;
            if (root.Name.LocalName != "Sesame")
            {
                throw OutsideException.Unreadable(Service, "it is no list of resolvers.");
            }

            return root.Descendants("Resolver").Select(Position).FirstOrDefault(position => position is not null);
        }
        catch (XmlException error)
        {
            throw OutsideException.Unreadable(Service, "it is no XML", error);
        }
    }

    private static SkyPosition? Position(XElement resolver) =>
        Number(resolver, "jradeg") is { } ra && Number(resolver, "jdedeg") is { } dec && SkyPosition.TryCreate(ra, dec, out var position, out _) ? position : null;

    private static double? Number(XElement resolver, string name) =>
        double.TryParse(resolver.Element(name)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
