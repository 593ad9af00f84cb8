namespace SkyPortal.Domain.Catalogs;

/// <summary>A list of galaxies by its name.</summary>
public sealed class GalaxyCatalog : DirectoryRow
{
    public required string Name { get; set; }
    public string? Description { get; set; }
    public string? Url { get; set; }
}

/// <summary>A galaxy of a catalog.</summary>
public sealed class Galaxy : DirectoryRow
{
    public int CatalogId { get; set; }

    /// <summary>Unique in its catalog.</summary>
    public required string Name { get; set; }

    public string? AltName { get; set; }

    /// <summary>ICRS right ascension, degrees.</summary>
    public double Ra { get; set; }

    /// <summary>ICRS declination, degrees.</summary>
    public double Dec { get; set; }

    /// <summary>Order-29 nested HEALPix index of the position.</summary>
    public long Healpix { get; set; }

    /// <summary>Megaparsec.</summary>
    public double? Distmpc { get; set; }

    /// <summary>Megaparsec.</summary>
    public double? DistmpcUnc { get; set; }

    public double? Redshift { get; set; }
    public double? RedshiftError { get; set; }

    /// <summary>Star formation rate, solar masses per year.</summary>
    public double? SfrFuv { get; set; }

    /// <summary>Star formation rate, solar masses per year.</summary>
    public double? SfrW4 { get; set; }

    /// <summary>Stellar mass, in the unit of the catalog.</summary>
    public double? Mstar { get; set; }

    public double? Magb { get; set; }
    public double? Magk { get; set; }
    public double? MagFuv { get; set; }
    public double? MagNuv { get; set; }
    public double? MagW1 { get; set; }
    public double? MagW2 { get; set; }
    public double? MagW3 { get; set; }
    public double? MagW4 { get; set; }

    /// <summary>Semi-major axis, arcseconds.</summary>
    public double? A { get; set; }

    /// <summary>Ratio of the semi-minor to the semi-major axis.</summary>
    public double? B2a { get; set; }

    /// <summary>Position angle, degrees.</summary>
    public double? Pa { get; set; }

    public double? Btc { get; set; }
}
