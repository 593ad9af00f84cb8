namespace SkyPortal.Domain.Alerts;

/// <summary>
/// What further fields of the surveys' main records mean, in our words, beside those that filters explain. Sources: the public
/// schemas ztf-avro-alert 4.02 and lsst alert_packet 11.0; WINTER's packets use the names of ZTF's.
/// </summary>
internal static class PacketMeanings
{
    private const string Ztf = """
        pid|Identifier of the processed science image
        pdiffimfilename|File name of the difference image
        programpi|Principal investigator of the programme
        candid|Identifier of the alert
        tblid|Row of the detection in the image's table
        nid|Number of the night
        rcid|Readout channel, 0 to 63
        field|Field of the sky grid
        xpos|Position on the image along x [px]
        ypos|Position on the image along y [px]
        chipsf|Reduced chi-square of the PSF fit
        sigmagnr|1-sigma error of the nearest reference source's magnitude [mag]
        chinr|Chi of the nearest reference source
        sharpnr|Sharpness of the nearest reference source
        sky|Local background [DN]
        magdiff|Aperture minus PSF magnitude [mag]
        mindtoedge|Distance to the nearest edge of the image [px]
        magfromlim|Limit of the image minus aperture magnitude [mag]
        seeratio|Width of the source over that of the science image's PSF
        aimage|Windowed major axis [px]
        bimage|Windowed minor axis [px]
        aimagerat|Major axis over the width of the PSF
        bimagerat|Minor axis over the width of the PSF
        sumrat|Sum of the pixels over the sum of their absolute values; near 1 for a clean source
        magapbig|Magnitude in the large aperture [mag]
        sigmagapbig|Its 1-sigma error [mag]
        ranr|Right ascension of the nearest reference source, J2000 [deg]
        decnr|Declination of the nearest reference source, J2000 [deg]
        sgmag1|g magnitude of the nearest PS1 source [mag]
        simag1|i magnitude of the nearest PS1 source [mag]
        szmag1|z magnitude of the nearest PS1 source [mag]
        sgmag2|g magnitude of the second nearest PS1 source [mag]
        simag2|i magnitude of the second nearest PS1 source [mag]
        szmag2|z magnitude of the second nearest PS1 source [mag]
        sgmag3|g magnitude of the third nearest PS1 source [mag]
        simag3|i magnitude of the third nearest PS1 source [mag]
        szmag3|z magnitude of the third nearest PS1 source [mag]
        objectidps1|PS1 identifier of the nearest source
        objectidps2|PS1 identifier of the second nearest source
        objectidps3|PS1 identifier of the third nearest source
        tooflag|1 where the exposure was a target of opportunity
        rfid|Identifier of the reference image
        jdstartref|First exposure in the reference image [JD, UTC]
        jdendref|Last exposure in the reference image [JD, UTC]
        nframesref|Exposures in the reference image
        rbversion|Version of the older real/bogus classifier
        drbversion|Version of the newer real/bogus classifier
        dsnrms|Noise of the difference over that expected
        ssnrms|Noise of the matched-filter image over that expected
        dsdiff|Difference of these two
        magzpsciunc|1-sigma error of the zero point [mag]
        magzpscirms|Scatter of the zero point's calibrators [mag]
        nmatches|Calibrators of the zero point
        clrcoeff|Colour coefficient of the calibration
        clrcounc|1-sigma error of the colour coefficient
        zpclrcov|Covariance of zero point and colour coefficient
        zpmed|Median zero point without the colour term [mag]
        clrmed|Median colour of the calibrators [mag]
        clrrms|Scatter of the calibrators' colours [mag]
        progname|Name of the programme
        deprecated|Whether the detection was withdrawn
        psra1|Right ascension of the nearest PS1 source [deg]
        psdec1|Declination of the nearest PS1 source [deg]
        nmtchtm|2MASS sources nearby
        tmjmag1|J magnitude of the nearest 2MASS source [mag]
        tmhmag1|H magnitude of the nearest 2MASS source [mag]
        tmkmag1|K magnitude of the nearest 2MASS source [mag]
        mjd|Time of the exposure [MJD, UTC]
        band|Band letter
        forcediffimflux|Forced flux of the difference [DN]
        forcediffimfluxunc|Its 1-sigma error [DN]
        forcediffimmag|Forced magnitude of the difference [mag]
        forcediffimmagunc|Its 1-sigma error [mag]
        psfFlux|PSF flux of the difference [nJy]
        psfFluxErr|Its 1-sigma error [nJy]
        reliability|Real/bogus score, 0 to 1
        """;

    private const string Lsst = """
        diaSourceId|Identifier of the alert
        visit|Identifier of the exposure
        detector|Detector of the camera
        diaObjectId|Identifier of the object
        ssObjectId|Identifier of the solar-system body
        parentDiaSourceId|Source from which this one was deblended
        raErr|1-sigma error of the right ascension [deg]
        decErr|1-sigma error of the declination [deg]
        ra_dec_Cov|Covariance of right ascension and declination [deg**2]
        x|Position on the image along x [px]
        xErr|1-sigma error of x [px]
        y|Position on the image along y [px]
        yErr|1-sigma error of y [px]
        centroid_flag|The position could not be measured well
        apFlux_flag|The aperture flux could not be measured well
        apFlux_flag_apertureTruncated|The aperture reaches beyond the image
        psfLnL|Log likelihood of the PSF fit
        psfChi2|Chi-square of the PSF fit
        psfNdata|Pixels in the PSF fit
        psfFlux_flag|The PSF flux could not be measured well
        psfFlux_flag_edge|Too near the edge for a PSF flux
        psfFlux_flag_noGoodPixels|No good pixel for the PSF flux
        trailFlux|Flux of the trail [nJy]
        trailFluxErr|Its 1-sigma error [nJy]
        trailRa|Right ascension of the trail's centre [deg]
        trailDec|Declination of the trail's centre [deg]
        trailAngle|Position angle of the trail [deg]
        trailChi2|Chi-square of the trail fit
        trailNdata|Pixels in the trail fit
        dipoleMeanFlux|Mean absolute flux of the two lobes [nJy]
        dipoleFluxDiff|Difference of the lobes' absolute fluxes [nJy]
        dipoleLength|Distance of the lobes [arcsec]
        dipoleAngle|Position angle from the negative lobe to the positive one [deg]
        dipoleChi2|Chi-square of the dipole fit
        dipoleNdata|Pixels in the dipole fit
        dipoleFitAttempted|Whether a dipole was fitted
        scienceFluxErr|1-sigma error of the flux on the visit image [nJy]
        templateFluxErr|1-sigma error of the flux on the template [nJy]
        ixx|Second moment along x [arcsec**2]
        iyy|Second moment along y [arcsec**2]
        ixy|Mixed second moment [arcsec**2]
        ixxPSF|Second moment of the PSF along x [arcsec**2]
        iyyPSF|Second moment of the PSF along y [arcsec**2]
        ixyPSF|Mixed second moment of the PSF [arcsec**2]
        shape_flag|The moments could not be measured well
        timeProcessedMjdTai|When it was processed [MJD, TAI]
        timeWithdrawnMjdTai|When it was withdrawn [MJD, TAI]
        bboxSize|Longer side of the footprint's box [px]
        pixelFlags|Has a pixel that is flagged
        pixelFlags_bad|Has a bad pixel
        pixelFlags_crCenter|A cosmic ray hit near the centre
        pixelFlags_nodata|Has a pixel without data
        pixelFlags_interpolated|Has an interpolated pixel
        pixelFlags_interpolatedCenter|Interpolated near the centre
        pixelFlags_offimage|Reaches beyond the image
        pixelFlags_saturatedCenter|Saturated near the centre
        pixelFlags_suspect|Has a pixel that is nearly saturated
        pixelFlags_injected|Holds an injected, artificial source
        """;

    private static readonly Dictionary<string, string> ZtfMeanings = Read(Ztf);
    private static readonly Dictionary<string, string> LsstMeanings = Read(Lsst);

    /// <summary>Meaning of a field of the survey's main record; null where none is told.</summary>
    public static string? Of(string survey, string name) => (survey == "LSST" ? LsstMeanings : ZtfMeanings).GetValueOrDefault(name);

    private static Dictionary<string, string> Read(string table) => table.Split('\n')
        .Select(row => row.TrimEnd('\r').Split('|', 2))
        .ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);
}
