using System.Text.Json;

namespace SkyPortal.Domain.Access;

/// <summary>People who share data.</summary>
public sealed class Group : DirectoryRow
{
    public required string Name { get; set; }
    public string? Nickname { get; set; }
    public string? Description { get; set; }

    /// <summary>Listed for its members only.</summary>
    public bool Private { get; set; }

    public bool AutoAcceptRequests { get; set; }

    /// <summary>The group that every user has alone.</summary>
    public bool SingleUserGroup { get; set; }

    /// <summary>The group that every user joins.</summary>
    public bool Sitewide { get; set; }
}

/// <summary>Membership of a user in a group.</summary>
public sealed class GroupUser : DirectoryRow
{
    public int GroupId { get; set; }
    public int UserId { get; set; }
    public bool Admin { get; set; }
    public bool CanSave { get; set; } = true;
    public bool CanSharePhotometry { get; set; }
}

/// <summary>A right to the data of some programmes of a survey.</summary>
public sealed class AlertStream : DirectoryRow
{
    public required string Name { get; set; }

    /// <summary>Which packets belong to it: <c>{"collection": "ZTF_alerts", "selector": [1, 2]}</c>; null for none.</summary>
    public JsonElement? Altdata { get; set; }

    /// <summary>Any user may join it.</summary>
    public bool AutoJoin { get; set; }
}

/// <summary>A user's right to a stream.</summary>
public sealed class StreamUser : DirectoryRow
{
    public int StreamId { get; set; }
    public int UserId { get; set; }
}

/// <summary>A stream that a group uses; all members have it.</summary>
public sealed class GroupStream : DirectoryRow
{
    public int GroupId { get; set; }
    public int StreamId { get; set; }
}

/// <summary>A user's wish to join a group: pending, accepted or declined.</summary>
public sealed class GroupAdmissionRequest : DirectoryRow
{
    public int UserId { get; set; }
    public int GroupId { get; set; }
    public required string Status { get; set; }
}
