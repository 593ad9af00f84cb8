namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// What the surveys' own fields mean, in our words, for people who write filters. Sources: the public schemas ztf-avro-alert 4.02
/// and lsst alert_packet 11.0. Fields that are missing here are explained by the survey only.
/// </summary>
internal static class FilterMeanings
{
    private const string Table = """
        history.mjd|Time of the measurement [MJD; ZTF UTC, LSST TAI]
        history.band|Band letter, such as g
        history.mag|PSF magnitude of the difference [AB]; null where not detected
        history.magerr|Its 1-sigma error [mag]
        history.flux_ujy|Flux of the difference [uJy]
        history.fluxerr_ujy|Its 1-sigma error [uJy]
        history.snr|Signal-to-noise
        history.limiting_mag|5-sigma limiting magnitude [AB]
        history.is_detection|Seen: a detection of its own, or forced photometry above 3 sigma
        history.is_forced|Measured at the known position
        history.is_positive|Brighter than the reference
        history.drb|Real/bogus score, 0 to 1
        history.ra|Right ascension, J2000 [deg]
        history.dec|Declination, J2000 [deg]
        watches.list|Name of the watch list
        watches.label|What the list calls the entry
        watches.distance_arcsec|Distance to the watched position [arcsec]; null for a name
        watches.is_name|It has a watched name
        objectId|ZTF's identifier of the object
        candid|Identifier of the alert; compare as text(candid)
        schemavsn|Version of the packet's schema
        publisher|Who sent the packet
        candidate.jd|Start of the exposure [JD, UTC]
        candidate.fid|Band: 1 g, 2 r, 3 i
        candidate.programid|Access programme: 1 public, 2 partnership, 3 Caltech
        candidate.diffmaglim|5-sigma limit of the difference image [mag]
        candidate.isdiffpos|"t" or "1" where brighter than the reference; may stand as a condition
        candidate.ra|Right ascension, J2000 [deg]
        candidate.dec|Declination, J2000 [deg]
        candidate.magpsf|PSF magnitude of the difference [mag]
        candidate.sigmapsf|Its 1-sigma error [mag]
        candidate.magap|Aperture magnitude [mag]
        candidate.sigmagap|Its 1-sigma error [mag]
        candidate.distnr|Distance to the nearest source of the reference image [px]
        candidate.magnr|Magnitude of that source [mag]
        candidate.fwhm|Width of the source, full at half maximum [px]
        candidate.elong|Length over width; about 1 for a point
        candidate.classtar|Star (1) or galaxy (0), by shape
        candidate.nneg|Negative pixels in a 5 by 5 box
        candidate.nbad|Bad pixels in a 5 by 5 box
        candidate.rb|Real/bogus score of the older classifier, 0 to 1
        candidate.drb|Real/bogus score of the newer classifier, 0 to 1
        candidate.ssdistnr|Distance to the nearest known solar-system body [arcsec]; -999 where none
        candidate.ssmagnr|Magnitude of that body [mag]
        candidate.ssnamenr|Name of that body
        candidate.sgscore1|Nearest PS1 source: star 1, galaxy 0; -999 where unknown
        candidate.distpsnr1|Distance to the nearest PS1 source [arcsec]; -999 where none
        candidate.srmag1|r magnitude of the nearest PS1 source [mag]
        candidate.sgscore2|Second nearest PS1 source: star 1, galaxy 0
        candidate.distpsnr2|Distance to the second nearest PS1 source [arcsec]
        candidate.srmag2|r magnitude of the second nearest PS1 source [mag]
        candidate.sgscore3|Third nearest PS1 source: star 1, galaxy 0
        candidate.distpsnr3|Distance to the third nearest PS1 source [arcsec]
        candidate.srmag3|r magnitude of the third nearest PS1 source [mag]
        candidate.nmtchps|PS1 sources within 30 arcsec
        candidate.ndethist|Detections so far, at 3 sigma
        candidate.ncovhist|Exposures that covered the position so far
        candidate.jdstarthist|First detection [JD]
        candidate.jdendhist|Latest detection [JD]
        candidate.scorr|Peak signal-to-noise of the matched filter
        candidate.magzpsci|Zero point of the science image [mag]
        candidate.neargaia|Distance to the nearest Gaia source [arcsec]
        candidate.maggaia|G magnitude of that source [mag]
        candidate.neargaiabright|Distance to the nearest Gaia source brighter than G 14 [arcsec]
        candidate.maggaiabright|G magnitude of that source [mag]
        candidate.exptime|Exposure [s]
        prv_candidates|30 days of detections and limits before this one (ZTF)
        prv_candidates.jd|Start of the exposure [JD, UTC]
        prv_candidates.fid|Band: 1 g, 2 r, 3 i
        prv_candidates.magpsf|PSF magnitude of the difference [mag]; null for a limit
        prv_candidates.sigmapsf|Its 1-sigma error [mag]
        prv_candidates.diffmaglim|5-sigma limit of the difference image [mag]
        prv_candidates.isdiffpos|"t" or "1" where brighter than the reference
        prv_candidates.ra|Right ascension, J2000 [deg]
        prv_candidates.dec|Declination, J2000 [deg]
        prv_candidates.rb|Real/bogus score, 0 to 1
        fp_hists|30 days of forced photometry (ZTF)
        fp_hists.jd|Start of the exposure [JD, UTC]
        fp_hists.fid|Band: 1 g, 2 r, 3 i
        fp_hists.forcediffimflux|Flux of the difference [DN]
        fp_hists.forcediffimfluxunc|Its 1-sigma error [DN]
        fp_hists.magzpsci|Zero point [mag]
        fp_hists.diffmaglim|5-sigma limit of the difference image [mag]
        fp_hists.procstatus|"0" where the photometry went well
        cutoutScience.stampData|Cut-out of the new image; can only be tested for null
        cutoutTemplate.stampData|Cut-out of the reference; can only be tested for null
        cutoutDifference.stampData|Cut-out of the difference; can only be tested for null
        diaSource.midpointMjdTai|Middle of the exposure [MJD, TAI]
        diaSource.band|Band letter
        diaSource.ra|Right ascension [deg]
        diaSource.dec|Declination [deg]
        diaSource.psfFlux|PSF flux of the difference [nJy]
        diaSource.psfFluxErr|Its 1-sigma error [nJy]
        diaSource.apFlux|Aperture flux of the difference [nJy]
        diaSource.apFluxErr|Its 1-sigma error [nJy]
        diaSource.snr|Signal-to-noise of the detection
        diaSource.scienceFlux|Forced PSF flux on the visit image [nJy]
        diaSource.templateFlux|Forced PSF flux on the template [nJy]
        diaSource.isNegative|Fainter than the template
        diaSource.reliability|Real/bogus score, 0 to 1
        diaSource.extendedness|0 for a point to 1 for an extended source
        diaSource.isDipole|Fits a pair of positive and negative flux
        diaSource.trailLength|Length of a trail [arcsec]
        diaSource.pixelFlags_edge|Touches the edge of the detector
        diaSource.pixelFlags_saturated|Has a saturated pixel
        diaSource.pixelFlags_cr|Has a pixel hit by a cosmic ray
        diaSource.pixelFlags_streak|Lies on a streak
        diaSource.glint_trail|Is part of a row of glints
        diaObject.nDiaSources|Detections so far
        diaObject.firstDiaSourceMjdTai|First detection [MJD, TAI]
        diaObject.lastDiaSourceMjdTai|Latest detection [MJD, TAI]
        ssSource.designation|Name of the known solar-system body
        ssSource.ephOffset|Distance to its predicted position [arcsec]
        ssSource.ephVmag|Its predicted V magnitude [mag]
        mpc_orbits.a|Semi-major axis of its orbit [au]
        mpc_orbits.q|Perihelion distance of its orbit [au]
        mpc_orbits.e|Eccentricity of its orbit
        mpc_orbits.i|Inclination of its orbit [deg]
        prvDiaSources|Earlier detections (LSST)
        prvDiaSources.midpointMjdTai|Middle of the exposure [MJD, TAI]
        prvDiaSources.band|Band letter
        prvDiaSources.psfFlux|PSF flux of the difference [nJy]
        prvDiaSources.psfFluxErr|Its 1-sigma error [nJy]
        prvDiaForcedSources|Forced photometry at the position (LSST)
        prvDiaForcedSources.midpointMjdTai|Middle of the exposure [MJD, TAI]
        prvDiaForcedSources.band|Band letter
        prvDiaForcedSources.psfFlux|PSF flux of the difference [nJy]
        prvDiaForcedSources.psfFluxErr|Its 1-sigma error [nJy]
        cutoutScience|Cut-out of the new image; can only be tested for null
        cutoutTemplate|Cut-out of the template; can only be tested for null
        cutoutDifference|Cut-out of the difference; can only be tested for null
        """;

    private static readonly Dictionary<string, string> Meanings = Table.Split('\n')
        .Select(row => row.TrimEnd('\r').Split('|', 2))
        .ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    /// <summary>Meaning of a path such as <c>candidate.magpsf</c> or <c>history.mag</c>; null where none is told.</summary>
    public static string? Of(string path)
    {
        if (Meanings.TryGetValue(path, out var meaning))
        {
            return meaning;
        }

        // Statistics of the object come in one set for each band: g_psfFluxMean.
        const string perObject = "diaObject.";
        if (path.Length > perObject.Length + 2 && path.StartsWith(perObject, StringComparison.Ordinal) && path[perObject.Length + 1] == '_')
        {
            var band = path[perObject.Length];
            return path[(perObject.Length + 2)..] switch
            {
                "psfFluxMean" => $"Mean PSF flux of the differences in {band} [nJy]",
                "psfFluxMeanErr" => $"1-sigma error of the mean PSF flux in {band} [nJy]",
                "psfFluxSigma" => $"Scatter of the PSF fluxes in {band} [nJy]",
                "psfFluxNdata" => $"Measurements in {band}",
                "psfFluxMin" => $"Least PSF flux in {band} [nJy]",
                "psfFluxMax" => $"Greatest PSF flux in {band} [nJy]",
                "psfFluxMaxSlope" => $"Steepest change of the PSF flux in {band} [nJy/d]",
                "psfFluxErrMean" => $"Mean error of the PSF fluxes in {band} [nJy]",
                "scienceFluxMean" => $"Mean flux on the visit images in {band} [nJy]",
                "scienceFluxMeanErr" => $"1-sigma error of the mean flux on the visit images in {band} [nJy]",
                "fpFluxMean" => $"Mean forced flux in {band} [nJy]",
                "fpFluxMeanErr" => $"1-sigma error of the mean forced flux in {band} [nJy]",
                _ => null,
            };
        }

        return null;
    }
}
