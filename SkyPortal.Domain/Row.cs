namespace SkyPortal.Domain;

/// <summary>What every stored row has: when it was made and last changed, both UTC.</summary>
public abstract class Row
{
    /// <summary>When the row was made (UTC).</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When the row was last changed (UTC).</summary>
    public DateTime Modified { get; set; }
}

/// <summary>A row of a small directory table, with a 32 bit key.</summary>
public abstract class DirectoryRow : Row
{
    /// <summary>Key.</summary>
    public int Id { get; set; }
}

/// <summary>A row of a table that grows with the data, with a 64 bit key.</summary>
public abstract class DataRow : Row
{
    /// <summary>Key.</summary>
    public long Id { get; set; }
}
