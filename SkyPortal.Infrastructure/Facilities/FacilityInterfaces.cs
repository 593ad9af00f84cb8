namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Names by which clients call the interfaces to facilities.</summary>
public static class FacilityInterfaces
{
    /// <summary>Interfaces through which targets and plans are sent.</summary>
    public static IReadOnlyList<string> ApiClassnames { get; } =
    [
        "MMAAPI", "GENERICAPI", "SLACKAPI", "ATLASAPI", "COLIBRIAPI", "GROWTHINDIAMMAAPI", "KAITAPI", "SEDMAPI", "SEDMV2API", "IOOAPI", "IOIAPI",
        "SPRATAPI", "SINISTROAPI", "SPECTRALAPI", "FLOYDSAPI", "MUSCATAPI", "NICERAPI", "PS1API", "SOARGHTSAPI", "SOARGHTSIMAGERAPI", "SOARTSPECAPI",
        "UVOTXRTAPI", "UVOTXRTMMAAPI", "TAROTAPI", "TESSAPI", "TRTAPI", "WINTERAPI", "SPRINGAPI", "ZTFAPI", "ZTFMMAAPI", "GEMINIAPI", "BINOSPECAPI",
        "MMIRSAPI", "TTTAPI", "NEWFIRMAPI", "RUBINMMAAPI", "NGPSAPI",
    ];

    /// <summary>Interfaces through which facilities report back.</summary>
    public static IReadOnlyList<string> ListenerClassnames { get; } = ["SEDMListener"];
}
