using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Layouts of ZTF alert packets, schema 4.02 of the public ztf-avro-alert definitions.</summary>
internal static class ZtfLayouts
{
    /// <summary>The detection that caused the alert.</summary>
    public static PacketLayout Candidate { get; } = LayoutTable.Parse(
        "ztf.alert.candidate",
        """
        jd double; fid int; pid long; diffmaglim float?; pdiffimfilename string?; programpi string?; programid
        int; candid long; isdiffpos string; tblid long?; nid int?; rcid int?; field int?; xpos float?; ypos
        float?; ra double; dec double; magpsf float; sigmapsf float; chipsf float?; magap float?; sigmagap
        float?; distnr float?; magnr float?; sigmagnr float?; chinr float?; sharpnr float?; sky float?;
        magdiff float?; fwhm float?; classtar float?; mindtoedge float?; magfromlim float?; seeratio float?;
        aimage float?; bimage float?; aimagerat float?; bimagerat float?; elong float?; nneg int?; nbad int?;
        rb float?; ssdistnr float?; ssmagnr float?; ssnamenr string?; sumrat float?; magapbig float?;
        sigmagapbig float?; ranr double; decnr double; sgmag1 float?; sgmag2 float?; sgmag3 float?; srmag1
        float?; srmag2 float?; srmag3 float?; simag1 float?; simag2 float?; simag3 float?; szmag1 float?;
        szmag2 float?; szmag3 float?; sgscore1 float?; sgscore2 float?; sgscore3 float?; distpsnr1 float?;
        distpsnr2 float?; distpsnr3 float?; objectidps1 long?; objectidps2 long?; objectidps3 long?; nmtchps
        int; ndethist int; ncovhist int; jdstarthist double?; jdendhist double?; scorr double?; tooflag int?;
        rfid long; jdstartref double; jdendref double; nframesref int; rbversion string; drbversion string;
        dsnrms float?; ssnrms float?; dsdiff float?; magzpsci float?; magzpsciunc float?; magzpscirms float?;
        nmatches int; clrcoeff float?; clrcounc float?; zpclrcov float?; zpmed float?; clrmed float?; clrrms
        float?; neargaia float?; neargaiabright float?; maggaia float?; maggaiabright float?; exptime float?;
        drb float?
        """);

    /// <summary>Earlier detections and non-detections (no magpsf) of the last 30 days.</summary>
    public static PacketLayout PrvCandidate { get; } = LayoutTable.Parse(
        "ztf.alert.prv_candidate",
        """
        jd double; fid int; pid long; diffmaglim float?; pdiffimfilename string?; programpi string?; programid
        int; candid long?; isdiffpos string?; tblid long?; nid int?; rcid int?; field int?; xpos float?; ypos
        float?; ra double?; dec double?; magpsf float?; sigmapsf float?; chipsf float?; magap float?; sigmagap
        float?; distnr float?; magnr float?; sigmagnr float?; chinr float?; sharpnr float?; sky float?;
        magdiff float?; fwhm float?; classtar float?; mindtoedge float?; magfromlim float?; seeratio float?;
        aimage float?; bimage float?; aimagerat float?; bimagerat float?; elong float?; nneg int?; nbad int?;
        rb float?; ssdistnr float?; ssmagnr float?; ssnamenr string?; sumrat float?; magapbig float?;
        sigmagapbig float?; ranr double?; decnr double?; scorr double?; magzpsci float?; magzpsciunc float?;
        magzpscirms float?; clrcoeff float?; clrcounc float?; rbversion string?
        """);

    /// <summary>Forced photometry at the position.</summary>
    public static PacketLayout FpHist { get; } = LayoutTable.Parse(
        "ztf.alert.fp_hist",
        """
        field int?; rcid int?; fid int; pid long; rfid long; sciinpseeing float?; scibckgnd float?; scisigpix
        float?; magzpsci float?; magzpsciunc float?; magzpscirms float?; clrcoeff float?; clrcounc float?;
        exptime float?; adpctdif1 float?; adpctdif2 float?; diffmaglim float?; programid int; jd double;
        forcediffimflux float?; forcediffimfluxunc float?; procstatus string?; distnr float?; ranr double;
        decnr double; magnr float?; sigmagnr float?; chinr float?; sharpnr float?
        """);

    /// <summary>A cut-out image, a compressed FITS file.</summary>
    public static PacketLayout Cutout { get; } = LayoutTable.Parse(
        "ztf.alert.cutout",
        """
        fileName string; stampData bytes
        """);

    /// <summary>A whole alert.</summary>
    public static PacketLayout Alert { get; } = LayoutTable.Parse(
        "ztf.alert",
        """
        schemavsn string; publisher string; objectId string; candid long
        """,
        LayoutTable.Record("candidate", Candidate, nullable: false),
        LayoutTable.Records("prv_candidates", PrvCandidate),
        LayoutTable.Records("fp_hists", FpHist),
        LayoutTable.Record("cutoutScience", Cutout, nullable: true),
        LayoutTable.Record("cutoutTemplate", Cutout, nullable: true),
        LayoutTable.Record("cutoutDifference", Cutout, nullable: true));
}
