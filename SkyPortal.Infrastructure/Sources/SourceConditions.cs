using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// The conditions of a criteria as SQL: on the save <c>s</c>, and on the object <c>o</c>. Every text that comes from outside is
/// a parameter; the SQL itself is made of constants.
/// </summary>
internal sealed partial class SourceConditions
{
    // Within a degree lie dozens of objects at most.
    private const double SmallConeDegrees = 1;

    private readonly StringBuilder _save = new();
    private readonly StringBuilder _obj = new();
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly Viewer _viewer;
    private string _place = "";

    public SourceConditions(Viewer viewer, SourceCriteria criteria)
    {
        _viewer = viewer;
        Saved(criteria);
        Named(criteria);
        Placed(criteria);
        Detected(criteria);
        Classified(criteria);
        Annotated(criteria);
        Commented(criteria);
        Marked(criteria);
    }

    /// <summary>Conditions on an object; with a leading "and" each.</summary>
    public string Obj => _obj.ToString();

    /// <summary>Whether objects are picked by something of which few have it, so that walking the newest saves would be slow.</summary>
    public bool IsSelective { get; private set; }

    /// <summary>Conditions on a save under an alias.</summary>
    public string Save(string alias) => _save.ToString().Replace("s.", alias + ".", StringComparison.Ordinal);

    /// <summary>Adds the parameters to a command.</summary>
    public NpgsqlCommand Bind(NpgsqlCommand command)
    {
        command.WithViewer(_viewer);
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    /// <summary>Tells equal conditions from others, also across viewers.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{_viewer.UserId} {_viewer.SeesAll} {string.Join(',', _viewer.GroupIds)} {string.Join(',', _viewer.StreamIds)} {_save} {_obj} {_place} {string.Join(';', _parameters.Where(parameter => !SkyMapPlace.IsIts(parameter)).Select(parameter => parameter.ParameterName + "=" + Printed(parameter.Value)))}");

    /// <summary>Adds a parameter and returns how SQL names it.</summary>
    public string Parameter(NpgsqlDbType type, object value)
    {
        var name = "p" + _parameters.Count.ToString(CultureInfo.InvariantCulture);
        _parameters.Add(new NpgsqlParameter(name, type) { Value = value });
        return "@" + name;
    }

    private static string? Printed(object? value) => value switch
    {
        Array items => string.Join(',', items.Cast<object>()),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private void Saved(SourceCriteria criteria)
    {
        _save.Append(criteria.Saves.Condition("s"));
        _save.Append(criteria.GroupIds is { } groups
            ? $" and s.group_id = any({Parameter(NpgsqlDbType.Array | NpgsqlDbType.Integer, groups)})"
            : _viewer.SeesAll ? "" : " and s.group_id = any(@viewer_groups)");
        if (criteria.SavedBefore is { } before)
        {
            _save.Append(" and s.saved_at < ").Append(Parameter(NpgsqlDbType.TimestampTz, before));
        }

        if (criteria.SavedAfter is { } after)
        {
            _save.Append(" and s.saved_at > ").Append(Parameter(NpgsqlDbType.TimestampTz, after));
        }

        if (criteria.SavedByViewer)
        {
            _save.Append(" and s.saved_by_id = @viewer_user");
        }
    }

    private void Named(SourceCriteria criteria)
    {
        if (criteria.NamePart is { } part)
        {
            IsSelective = true;
            var inId = $"strpos(o.id, {Text(part)}) > 0";
            _obj.Append(TnsName().Match(part) is { Success: true } tns
                ? $" and ({inId} or strpos(lower(o.tns_name), {Text(tns.Groups[1].Value.ToLowerInvariant())}) > 0)"
                : $" and {inId}");
        }

        if (criteria.AnyNamePart is { } any)
        {
            IsSelective = true;
            var text = Text(any.ToLowerInvariant());
            _obj.Append($" and (strpos(lower(o.id), {text}) > 0 or strpos(lower(o.tns_name), {text}) > 0")
                .Append($" or exists (select 1 from unnest(o.alias) other where strpos(lower(other), {text}) > 0))");
        }

        if (criteria.Ids is { } ids)
        {
            IsSelective = true;
            _obj.Append($" and o.id = any({Parameter(NpgsqlDbType.Array | NpgsqlDbType.Text, ids)})");
        }

        if (criteria.RejectedIds is { Length: > 0 } rejected)
        {
            _obj.Append($" and o.id <> all({Parameter(NpgsqlDbType.Array | NpgsqlDbType.Text, rejected)})");
        }

        if (criteria.OriginPart is { } origin)
        {
            _obj.Append($" and strpos(lower(o.origin), {Text(origin.ToLowerInvariant())}) > 0");
        }

        if (criteria.SimbadClassPart is { } simbad)
        {
            IsSelective = true;
            _obj.Append($" and strpos(lower(o.altdata #>> '{{simbad,class}}'), {Text(simbad.ToLowerInvariant())}) > 0");
        }

        if (criteria.AliasPart is { } alias)
        {
            IsSelective = true;
            _obj.Append($" and exists (select 1 from unnest(o.alias) other where strpos(lower(other), {Text(alias.ToLowerInvariant())}) > 0)");
        }

        _obj.Append(criteria.HasTnsName ? " and o.tns_name is not null" : "").Append(criteria.HasNoTnsName ? " and o.tns_name is null" : "");
    }

    private void Placed(SourceCriteria criteria)
    {
        if (criteria.ConeCenter is { } center)
        {
            IsSelective = true;
            var ranges = Healpix.ConeToRanges(center, criteria.ConeRadiusDegrees);
            // A small cone holds few objects: its text is always the same, so that the server plans it once.
            IEnumerable<string> within = criteria.ConeRadiusDegrees <= SmallConeDegrees
                ? [Small(ranges)]
                : ranges.Select(range =>
                    $"o.healpix >= {Parameter(NpgsqlDbType.Bigint, range.Start)} and o.healpix < {Parameter(NpgsqlDbType.Bigint, range.End)}");
            // Haversine; exact also for small separations.
            var ra = Parameter(NpgsqlDbType.Double, center.RaDegrees);
            var dec = Parameter(NpgsqlDbType.Double, center.DecDegrees);
            _obj.Append($" and ({string.Join(" or ", within)})")
                .Append($" and 2 * asind(least(1, sqrt(power(sind((o.dec - {dec}) / 2), 2) + cosd(o.dec) * cosd({dec}) * power(sind((o.ra - {ra}) / 2), 2)))) <= ")
                .Append(Parameter(NpgsqlDbType.Double, criteria.ConeRadiusDegrees));
        }

        if (criteria.Place is { } place)
        {
            // In a wide place lie so many that the newest saves are looked at one by one.
            IsSelective |= place.IsNarrow;
            _parameters.AddRange(place.IsNarrow ? place.Bounds : [place.Whole]);
            _obj.Append(" and ").Append(place.IsNarrow ? $"o.id = any({SkyMapPlace.Ids})" : SkyMapPlace.Holds);
            _place = place.Key;
        }

        Compare("o.modified >", NpgsqlDbType.TimestampTz, criteria.ChangedAfter);
        Compare("o.redshift >=", NpgsqlDbType.Double, criteria.MinRedshift);
        Compare("o.redshift <=", NpgsqlDbType.Double, criteria.MaxRedshift);
        if (criteria.NeedsFollowup)
        {
            _obj.Append(" and false");
        }

        WithSpectrum(criteria);
    }

    private string Small(IReadOnlyList<HealpixRange> ranges)
    {
        var firsts = Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bigint, ranges.Select(range => range.Start).ToArray());
        var pasts = Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bigint, ranges.Select(range => range.End).ToArray());
        return $"o.id = any(array(select near.id from unnest({firsts}, {pasts}) as cone (first, past) join objs near on near.healpix >= cone.first and near.healpix < cone.past))";
    }

    private void WithSpectrum(SourceCriteria criteria)
    {
        // Index spectra (obj_id, observed_at).
        const string any = $"exists (select 1 from spectra s where s.obj_id = o.id and {SpectrumAccess.Sees}";
        if (criteria.HasNoSpectrum)
        {
            _obj.Append($" and not {any})");
        }

        if (criteria.HasSpectrum || criteria.SpectrumBefore is not null || criteria.SpectrumAfter is not null)
        {
            IsSelective = true;
            var before = criteria.SpectrumBefore is { } latest ? $" and s.observed_at <= {Parameter(NpgsqlDbType.TimestampTz, latest)}" : "";
            var after = criteria.SpectrumAfter is { } earliest ? $" and s.observed_at >= {Parameter(NpgsqlDbType.TimestampTz, earliest)}" : "";
            _obj.Append($" and {any}{before}{after})");
        }
    }

    private void Detected(SourceCriteria criteria)
    {
        var forced = criteria.ExcludeForcedPhotometry ? "_no_forced_phot" : "";
        var tests = new List<string>();
        void Test(string test, NpgsqlDbType type, object? value)
        {
            if (value is not null)
            {
                tests.Add($"{test} {Parameter(type, value)}");
            }
        }

        Test($"p.first_detected{forced}_mjd >=", NpgsqlDbType.Double, criteria.FirstDetectedFromMjd);
        Test($"p.last_detected{forced}_mjd <=", NpgsqlDbType.Double, criteria.LastDetectedToMjd);
        Test($"p.num_det{forced}_global >=", NpgsqlDbType.Integer, criteria.MinDetections);
        Test("p.peak_mag_global <=", NpgsqlDbType.Double, criteria.PeakMagAtMost);
        Test("p.peak_mag_global >=", NpgsqlDbType.Double, criteria.PeakMagAtLeast);
        Test("p.last_detected_mag <=", NpgsqlDbType.Double, criteria.LatestMagAtMost);
        Test("p.last_detected_mag >=", NpgsqlDbType.Double, criteria.LatestMagAtLeast);
        if (tests.Count > 0)
        {
            _obj.Append($" and exists (select 1 from photstats p where p.obj_id = o.id and {string.Join(" and ", tests)} and {ViewerSql.SeesPhotStats})");
        }
    }

    private void Classified(SourceCriteria criteria)
    {
        const string any = """
            exists (select 1 from classifications k join taxonomies x on x.id = k.taxonomy_id where k.obj_id = o.id
                and (@sees_all or (k.group_ids && @viewer_groups and x.group_ids && @viewer_groups))
            """;
        string Has(TaxonomyClass one) => $"{any} and x.name = {Text(one.Taxonomy)} and k.classification = {Text(one.ClassName)})";

        // Being classified at all takes precedence over by what.
        if (criteria.Unclassified || criteria.Classified)
        {
            _obj.Append(criteria.Classified ? $" and {any} and not k.ml)" : "").Append(criteria.Unclassified ? $" and not {any} and not k.ml)" : "");
            return;
        }

        if (criteria.Classes.Count > 0)
        {
            IsSelective = true;
            _obj.Append($" and ({string.Join(criteria.AllClasses ? " and " : " or ", criteria.Classes.Select(Has))})");
        }

        foreach (var one in criteria.NotClasses)
        {
            _obj.Append($" and not {Has(one)}");
        }
    }

    private void Annotated(SourceCriteria criteria)
    {
        var head = new StringBuilder("exists (select 1 from annotations a where a.obj_id = o.id and (@sees_all or a.group_ids && @viewer_groups)");
        if (criteria.AnnotationOrigin is { } origin)
        {
            head.Append($" and lower(a.origin) = {Text(origin.ToLowerInvariant())}");
        }

        if (criteria.AnnotatedBefore is { } before)
        {
            head.Append($" and a.created_at <= {Parameter(NpgsqlDbType.TimestampTz, before)}");
        }

        if (criteria.AnnotatedAfter is { } after)
        {
            head.Append($" and a.created_at >= {Parameter(NpgsqlDbType.TimestampTz, after)}");
        }

        if (criteria.Annotations.Count == 0)
        {
            _obj.Append(criteria.AnnotationOrigin is null && criteria.AnnotatedBefore is null && criteria.AnnotatedAfter is null ? "" : $" and {head})");
            return;
        }

        // Compared as JSON paths do it: a cast would fail on numbers beyond those of double precision.
        foreach (var test in criteria.Annotations)
        {
            var key = Text(test.Key);
            _obj.Append($" and {head}").Append(test.Operator is null
                ? $" and jsonb_exists(a.data, {key}))"
                : $" and jsonb_path_exists(a.data -> {key}, 'strict $ ? (@ {Sign(test.Operator)} $value)', jsonb_build_object('value', {Parameter(NpgsqlDbType.Double, test.Value!)})))");
        }
    }

    private void Commented(SourceCriteria criteria)
    {
        var head = new StringBuilder();
        if (criteria.CommentParts is { Length: > 0 } parts)
        {
            head.Append($" and ({string.Join(" or ", parts.Select(part => $"strpos(lower(c.text), {Text(part.ToLowerInvariant())}) > 0"))})");
        }

        if (criteria.CommentAuthorId is { } author)
        {
            head.Append($" and c.author_id = {Parameter(NpgsqlDbType.Integer, author)}");
        }

        if (criteria.CommentedBefore is { } before)
        {
            head.Append($" and c.created_at <= {Parameter(NpgsqlDbType.TimestampTz, before)}");
        }

        if (criteria.CommentedAfter is { } after)
        {
            head.Append($" and c.created_at >= {Parameter(NpgsqlDbType.TimestampTz, after)}");
        }

        if (head.Length > 0)
        {
            _obj.Append($" and exists (select 1 from comments c where c.obj_id = o.id and (@sees_all or c.group_ids && @viewer_groups){head})");
        }
    }

    private void Marked(SourceCriteria criteria)
    {
        if (criteria.ListName is { } list)
        {
            IsSelective = true;
            _obj.Append($" and exists (select 1 from listings w where w.obj_id = o.id and w.user_id = @viewer_user and w.list_name = {Text(list)})");
        }

        var label = "exists (select 1 from source_labels l where l.obj_id = o.id and (@sees_all or l.group_id = any(@viewer_groups))"
            + (criteria.LabelledByViewer ? " and l.labeller_id = @viewer_user)" : ")");
        _obj.Append(criteria.Labelled ? $" and {label}" : "").Append(criteria.NotLabelled ? $" and not {label}" : "");
    }

    private static string Sign(string name) => name switch
    {
        "eq" => "==",
        "ne" => "!=",
        "gt" => ">",
        "ge" => ">=",
        "lt" => "<",
        "le" => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a comparison."),
    };

    private string Text(string value) => Parameter(NpgsqlDbType.Text, value);

    private void Compare(string test, NpgsqlDbType type, object? value)
    {
        if (value is not null)
        {
            _obj.Append($" and {test} {Parameter(type, value)}");
        }
    }

    [GeneratedRegex(@"\A(?:AT|SN|TDE|FRB)?\s*(\d{4}[A-Za-z]*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex TnsName();
}
