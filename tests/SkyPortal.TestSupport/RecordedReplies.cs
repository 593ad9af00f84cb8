namespace SkyPortal.TestSupport;

/// <summary>
/// Replies in the shapes that the archives give, with round numbers of our own so that what becomes of them can be said in advance. The
/// place is that of <see cref="RaDegrees"/> and <see cref="DecDegrees"/>.
/// </summary>
public static class RecordedReplies
{
    public const double RaDegrees = 150.1;
    public const double DecDegrees = 2.2;

    /// <summary>IRSA, ZTF light-curve service, FORMAT=csv.</summary>
    public const string Ztf = """
        oid,expid,hjd,mjd,mag,magerr,catflags,filtercode,ra,dec,chi,sharp,filefracday,field,ccdid,qid,limitmag,magzp,magzprms,clrcoeff,clrcounc,exptime,airmass,programid
        1234567890123456,101,2458206.7,58206.25,19.25,0.05,0,zg,150.10001,2.20001,0.9,0.01,20180329250000,412,6,1,20.7,26.1,0.04,-0.02,0.0001,30,1.2,1
        2234567890123456,102,2458207.7,58207.25,18.75,0.04,0,zr,150.10001,2.20001,0.9,0.01,20180330250000,412,6,1,20.5,26.2,0.04,0.1,0.0001,30,1.2,1
        2234567890123456,103,2458208.7,58208.25,18.70,0.04,32768,zr,150.10001,2.20001,9.9,0.01,20180331250000,412,6,1,18.5,26.2,0.04,0.1,0.0001,30,1.2,1
        3234567890123456,104,2458209.7,58209.25,18.50,0.03,0,zi,150.10001,2.20001,0.9,0.01,20180401250000,412,6,1,20.1,25.6,0.04,0.1,0.0001,30,1.2,1

        """;

    /// <summary>CDS Sesame, -oxp/SNV: knows M31 (10.684708, 41.26875) and nothing else.</summary>
    public static string Sesame(string name) => $"""
        <?xml version="1.0" encoding="UTF-8" ?>
        <Sesame>
          <Target option="SNV"><name>{System.Security.SecurityElement.Escape(name)}</name>
            <Resolver name="S=Simbad">{(name == "M31" ? "<otype>AGN</otype><jpos>00:42:44.33 +41:16:07.5</jpos><jradeg>10.684708</jradeg><jdedeg>41.26875</jdedeg><oname>M  31</oname>" : "<INFO>*** Nothing found ***</INFO>")}</Resolver>
          </Target>
        </Sesame>
        """;

    /// <summary>IRSA TAP, neowiser_p1bs_psd.</summary>
    public const string Neowise = """
        ra,dec,mjd,w1mpro,w1sigmpro,w2mpro,w2sigmpro,cc_flags,qual_frame
        150.10002,2.20001,57000.5,14.5,0.06,14.1,0.12,0000,10
        150.10002,2.20001,57000.75,14.6,0.07,15.9,,0000,10
        150.10002,2.20001,57001.0,13.0,0.07,12.9,0.05,hh00,0

        """;

    /// <summary>IRSA TAP, allwise_p3as_mep.</summary>
    public const string Allwise = """
        ra,dec,mjd,w1mpro_ep,w1sigmpro_ep,w2mpro_ep,w2sigmpro_ep,w3mpro_ep,w3sigmpro_ep,w4mpro_ep,w4sigmpro_ep,cc_flags,qual_frame
        150.10002,2.20001,55300.5,14.5,0.06,14.1,0.12,10.2,0.2,8.1,0.3,0000,10

        """;

    /// <summary>IRSA TAP, allwise_p3as_psd.</summary>
    public const string AllwiseSource = """
        ra,dec,w1mpro,w1sigmpro,w2mpro,w2sigmpro,w3mpro,w3sigmpro,w4mpro,w4sigmpro
        150.1000212,2.2000123,14.512,0.028,14.103,0.044,11.9,,8.5,null

        """;

    /// <summary>TAP of Gaia, gaia_source with epoch photometry.</summary>
    public const string GaiaSource = """
        SOURCE_ID,ra,dec
        3834567890123456789,150.10001,2.20001

        """;

    /// <summary>TAP of Gaia, gaia_source: a near star that moves away, and a bright one that moves in.</summary>
    public const string GaiaStars = """
        source_id,ref_epoch,ra,dec,pm,pmra,pmdec,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag,parallax,parallax_error,parallax_over_error,ruwe
        3834567890123456789,2016.0,150.10001,2.20001,5.0,3.0,4.0,17.1,17.5,16.5,1.25,0.05,25.0,1.02
        3834567890123456790,2016.0,150.10030,2.20030,,,,21.9,,21.5,,,,

        """;

    /// <summary>Data server of Gaia, EPOCH_PHOTOMETRY, INDIVIDUAL, csv.</summary>
    public const string GaiaEpochs = """
        source_id,transit_id,band,time,mag,flux,flux_error,flux_over_error,rejected_by_photometry,rejected_by_variability,other_flags,solution_id
        3834567890123456789,17091923342681275,G,1700.25,18.1874,1000.0,10.0,100.0,false,false,1,375316653866487564
        3834567890123456789,17091923342681275,BP,1700.25,,-50.0,30.0,-1.7,false,false,0,375316653866487564
        3834567890123456789,17091923342681275,RP,1700.25,17.4906,800.0,12.0,66.7,false,false,0,375316653866487564
        3834567890123456789,17092000000000000,G,1750.25,16.0,7000.0,10.0,700.0,true,false,1,375316653866487564

        """;

    /// <summary>Index of the Gaia alerts.</summary>
    public const string GaiaAlertsIndex = """
        #Name, Date, RaDeg, DecDeg, AlertMag, HistoricMag, HistoricStdDev, Class, Published, Comment, TNSid
        Gaia20abc,2020-01-02 03:04:05,10.00000,-20.00000,18.1,20.2,0.1,unknown,2020-01-03 01:00:00,"a candidate, somewhere else",AT2020abc
        Gaia21xyz,2021-02-03 04:05:06,150.10010,2.20010,18.2,20.4,0.2,SN Ia,2021-02-04 01:00:00,confirmed,SN2021xyz

        """;

    /// <summary>Light curve of a Gaia alert.</summary>
    public const string GaiaAlert = """
        Gaia21xyz
        #Date, JD(TCB), averagemag
        2014-12-08 12:00:00,2457000.5,18.2
        2014-12-09 12:00:00,2457001.5,untrusted
        2014-12-10 12:00:00,2457002.5,null

        """;

    /// <summary>Page of the Catalina surveys, OUT=web.</summary>
    public const string Crts = """
        <html><head><title>Query</title></head><body><table><tr><td>Query took 1 s</td></tr></table>
        <table border=1><tr><th colspan=7>Photometry of Objs:</th></tr>
        <tr><th>MasterID</th><th>Mag</th><th>Magerr</th><th>RA</th><th>Decl</th><th>MJD</th><th>Blend</th></tr>
        <tr><td>1101053034567</td><td>17.30</td><td>0.08</td><td>150.10003</td><td>2.20002</td><td>53705.5</td><td>0</td></tr>
        <tr><td>1101053034567</td><td>17.40</td><td>0.08</td><td>150.10003</td><td>2.20002</td><td>53705.6</td><td>1</td></tr>
        </table></body></html>
        """;

    /// <summary>SkyServer, SqlSearch, format=csv.</summary>
    public const string Sdss = """
        #Table1
        objID,ra,dec,clean,psfFlux_u,psfFluxIvar_u,mjd_u,psfFlux_g,psfFluxIvar_g,mjd_g,psfFlux_r,psfFluxIvar_r,mjd_r,psfFlux_i,psfFluxIvar_i,mjd_i,psfFlux_z,psfFluxIvar_z,mjd_z
        1237651752387412345,150.10001,2.20001,1,2.5,4,54000.123456,10,25,54000.125,20,16,54000.122,30,9,54000.124,-1.2,1,54000.126

        """;

    /// <summary>MAST, panstarrs dr2 mean.csv.</summary>
    public const string PanStarrsMean = """
        objID,raMean,decMean,nDetections,gMeanPSFMag,rMeanPSFMag,iMeanPSFMag,zMeanPSFMag,yMeanPSFMag
        110641501000112345,150.10002,2.20001,55,18.9,18.4,18.2,18.1,-999.0
        110641501000154321,150.10030,2.20030,12,21.0,20.5,20.4,20.2,20.1

        """;

    /// <summary>MAST, panstarrs dr2 detection.csv.</summary>
    public const string PanStarrsDetections = """
        detectID,filterID,obsTime,ra,dec,psfFlux,psfFluxErr,psfQfPerfect
        151020000000000001,1,55200.5,150.10001,2.20001,0.0001,0.000002,0.998
        151020000000000002,5,55300.5,150.10001,2.20001,-0.00003,0.00001,0.95
        151020000000000003,2,55400.5,150.10001,2.20001,0.0009,0.000002,0.3

        """;

    /// <summary>A light-curve file of LINEAR.</summary>
    public const string Linear = """
        # MJD mag magErr flag
        52650.41 16.400 0.050 0
        52651.42 16.500 0.060 1

        """;

    /// <summary>ASAS-SN, photometry.json.</summary>
    public const string AsasSnIndex = """
        {"count":1,"results":[{"name":"APASS J100024.01+021200.1","raj2000":150.10004,"dej2000":2.20003,"mean_vmag":14.8,"link":"https://asas-sn.osu.edu/photometry/7df0eb29-0b68-57ef-8ce2-83dc7b5684da.json"}]}
        """;

    /// <summary>ASAS-SN, export of a source.</summary>
    public const string AsasSn = """
        HJD,UT Date,Camera,FWHM,Limit,mag,mag_err,flux(mJy),flux_err,Filter
        2458000.47009,2017-09-03.9710173,be,1.77,15.518,14.839,0.117,4.448,0.477,V
        2459000.50000,2020-05-31.0000000,bi,1.80,17.100,>17.100,99.990,-0.02,0.10,g
        2459001.50000,2020-06-01.0000000,bi,1.80,17.500,16.200,0.050,1.20,0.06,g

        """;

    /// <summary>ATLAS forced photometry.</summary>
    public const string AtlasForced = """
        ###MJD m dm uJy duJy F err chi/N RA Dec x y maj min phi apfit mag5sig Sky Obs
        58000.123456 18.912 0.050 99.0 4.6 o 0 1.02 150.10000 2.20000 5000.1 5000.2 3.1 2.9 12.1 -0.4 19.80 20.1 01a58000o0001o
        58001.123456 -20.10 0.900 -33.2 5.1 c 0 0.98 150.10000 2.20000 5000.1 5000.2 3.1 2.9 12.1 -0.4 19.90 20.2 01a58001o0001c
        58002.123456 15.10 0.010 3300.0 9.0 o 0 88.0 150.10000 2.20000 5000.1 5000.2 3.1 2.9 12.1 -0.4 19.90 20.2 01a58002o0001o

        """;

    /// <summary>ATLAS transient server, objects/.</summary>
    public const string AtlasObjects = """
        [{"object":{"id":1100024010021200100,"ra":150.10001,"dec":2.20001,"atlas_designation":"ATLAS24abc","detection_list_id":2},
        "lc":[{"mjd":60000.25,"mag":18.5,"magerr":0.05,"mag5sig":19.6,"filter":"o","expname":"01a60000o0001o","ra":150.1,"dec":2.2,"dup":0},
        {"mjd":60001.25,"mag":-18.5,"magerr":0.05,"mag5sig":19.6,"filter":"c","expname":"01a60001o0001c","ra":150.1,"dec":2.2,"dup":null},
        {"mjd":60001.26,"mag":18.4,"magerr":0.05,"mag5sig":19.6,"filter":"c","expname":"01a60001o0002c","ra":150.1,"dec":2.2,"dup":-1}],
        "lcnondets":[{"mjd":59999.25,"mag5sig":19.6,"filter":"o","expname":"01a59999o0001o","ra":150.1,"dec":2.2}],
        "fp":[{"mjd_obs":60002.25,"filter":"o","uJy":-12.5,"duJy":6.5,"chin":1.1,"expname":"01a60002o0001o","limiting_mag":19.5}],
        "sherlock_crossmatches":[],"sherlock_classifications":[],"tns_crossmatches":[],"external_crossmatches":[]}]
        """;

    /// <summary>ANTARES, loci.</summary>
    public const string AntaresLoci = """
        {"data":[{"type":"locus_listing","id":"ANT2020abcde","attributes":{"ra":150.10001,"dec":2.20001,"tags":[],"catalogs":[],"properties":{"num_alerts":4,"ztf_object_id":"ZTF20aaaaaaa"}}}],"links":{},"meta":{"count":1}}
        """;

    /// <summary>ANTARES, alerts of a locus: a positive and a negative difference, a limit, and a negative flux of Rubin.</summary>
    public const string AntaresAlerts = """
        {"data":[
        {"type":"alert","id":"ztf_candidate:1","attributes":{"mjd":59000.25,"survey":1,"properties":{"ant_mjd":59000.25,"ant_mag":18.9,"ant_magerr":0.1,"ant_maglim":20.5,"ant_passband":"g","ant_survey":1,"ant_ra":150.10001,"ant_dec":2.20001,"ztf_isdiffpos":"t"}}},
        {"type":"alert","id":"ztf_candidate:2","attributes":{"mjd":59001.25,"survey":1,"properties":{"ant_mjd":59001.25,"ant_mag":18.9,"ant_magerr":0.1,"ant_maglim":20.5,"ant_passband":"R","ant_survey":1,"ant_ra":150.10001,"ant_dec":2.20001,"ztf_isdiffpos":"f"}}},
        {"type":"alert","id":"ztf_upper_limit:3","attributes":{"mjd":59002.25,"survey":1,"properties":{"ant_mjd":59002.25,"ant_maglim":20.5,"ant_passband":"g","ant_survey":2}}},
        {"type":"alert","id":"lsst_dia_source:4","attributes":{"mjd":61000.25,"survey":2,"properties":{"ant_mjd":61000.25,"lsst_diaSource_psfFlux":-1500.0,"lsst_diaSource_psfFluxErr":250.0,"lsst_diaSource_band":"i","lsst_diaSource_midpointMjdTai":61000.25,"ant_ra":150.10001,"ant_dec":2.20001}}}
        ],"links":{}}
        """;

    /// <summary>VizieR, VIII/92, asu-tsv.</summary>
    public static string First { get; } = Tabs("""
        #
        #   VizieR Astronomical Server vizier.cds.unistra.fr
        #RESOURCE=yCat_8092
        FIRST|RAJ2000|DEJ2000|p(S)|Fpeak|Fint|Rms|MJD
        |deg|deg||mJy/beam|mJy|mJy/beam|d
        ----------------|-----------|-----------|-----|-------|-------|-----|-----------
        J100024.0+021200|150.1000000|2.2000000|0.014|2.75|3.10|0.140|51055.5

        """);

    /// <summary>VizieR, VII/290, asu-tsv.</summary>
    public static string Quasars { get; } = Tabs("""
        #RESOURCE=yCat_7290
        RAJ2000|DEJ2000|Name|Type|z|Qpct
        deg|deg||||%
        -----------|-----------|--------------------|----|-----|---
        150.1000100|2.2000100|SDSS J100024.00+0212|QRX|1.345|98

        """);

    /// <summary>VizieR, II/335/galex_ais, asu-tsv.</summary>
    public static string Galex { get; } = Tabs("""
        #RESOURCE=yCat_2335
        Name|RAJ2000|DEJ2000|FUVmag|e_FUVmag|NUVmag|e_NUVmag
        |deg|deg|mag|mag|mag|mag
        --------------------|-----------|-----------|------|------|------|------
        GALEX J100024.0+0212|150.1000100|2.2000100||      |20.512|0.121

        """);

    /// <summary>Data Lab, photometric redshifts.</summary>
    public const string PhotoZ = """
        ls_id,z_phot_median,z_phot_std,ra,dec,type,z_phot_l95,flux_z
        10995473123456789,0.312,0.021,150.10001,2.20001,REX,0.271,12.5

        """;

    /// <summary>Data Lab, DESI.</summary>
    public const string Desi = """
        targetid,z,zerr,zwarn,spectype,ra,dec,flux_z
        39627835576422000,0.31415,0.00002,0,GALAXY,150.10001,2.20001,12.5

        """;

    private static string Tabs(string text) => text.Replace('|', '\t');
}
