using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Web.Api.Spectra;

/// <summary>Reads what requests say of a spectrum.</summary>
internal static class SpectrumBody
{
    /// <summary>A spectrum whose samples are in the body.</summary>
    public static NewSpectrum New(ApiBody body) => Common(body) with
    {
        Samples = SpectrumSamples.From(RequiredNumbers(body, "wavelengths"), RequiredNumbers(body, "fluxes"), Numbers(body, "errors")),
        Units = body.Text("units"),
        Origin = body.Text("origin"),
        Altdata = body.Object("altdata"),
        Sharing = Sharing(body, GroupsMeant.AllOwn),
    };

    /// <summary>A spectrum whose samples were read from a file.</summary>
    public static NewSpectrum FromFile(ApiBody body, ParsedSpectrum parsed, ReadOnlyMemory<byte> bytes)
    {
        return Common(body, parsed.ObservedAt) with
        {
            Samples = parsed.Samples,
            Units = body.Text("units") ?? parsed.Units,
            Origin = body.Text("origin"),
            Altdata = parsed.Header is null ? null : JsonSerializer.SerializeToElement(parsed.Header),
            Sharing = Sharing(body, GroupsMeant.Sitewide),
            File = new SpectrumFile(body.RequiredText("filename"), bytes),
        };
    }

    /// <summary>What is to change.</summary>
    public static SpectrumChange Change(ApiBody body) => new()
    {
        ObjId = body.Text("obj_id"),
        InstrumentId = body.Int("instrument_id"),
        ObservedAt = body.Time("observed_at"),
        Wavelengths = Numbers(body, "wavelengths"),
        Fluxes = Numbers(body, "fluxes"),
        Errors = Numbers(body, "errors"),
        Units = body.Text("units"),
        Origin = body.Text("origin"),
        Type = body.Text("type"),
        Label = body.Text("label"),
        Altdata = body.Object("altdata"),
        People = People(body),
        Added = Sharing(body, GroupsMeant.AllOwn),
        FollowupRequestId = body.Int("followup_request_id"),
        AssignmentId = body.Int("assignment_id"),
    };

    /// <summary>Which columns of a text file hold what.</summary>
    public static SpectrumColumns Columns(ApiBody body) => new(body.Int("wave_column") ?? 0, body.Int("flux_column") ?? 1, body.Int("fluxerr_column"));

    private static NewSpectrum Common(ApiBody body, DateTime? observedAt = null) => new()
    {
        ObjId = body.RequiredText("obj_id"),
        InstrumentId = body.RequiredInt("instrument_id"),
        ObservedAt = body.Time("observed_at") ?? observedAt ?? throw ApiBody.Wrong("observed_at", "Field required"),
        Type = body.Text("type"),
        Label = body.Text("label"),
        People = People(body),
        FollowupRequestId = body.Int("followup_request_id"),
        AssignmentId = body.Int("assignment_id"),
        Samples = null!,
        Sharing = null!,
    };

    private static SpectrumPeople People(ApiBody body) => new()
    {
        PiIds = body.Ints("pi"),
        ExternalPi = body.Text("external_pi"),
        ReducerIds = body.Ints("reduced_by"),
        ExternalReducer = body.Text("external_reducer"),
        ObserverIds = body.Ints("observed_by"),
        ExternalObserver = body.Text("external_observer"),
    };

    private static SpectrumSharing Sharing(ApiBody body, GroupsMeant all) => body.Element("group_ids") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() == "all" ? new(all, []) : throw ApiBody.Wrong("group_ids", "Input should be a list of integers or \"all\""),
        _ => new(GroupsMeant.Named, body.Ints("group_ids") ?? []),
    };

    private static double[] RequiredNumbers(ApiBody body, string field) => Numbers(body, field) ?? throw ApiBody.Wrong(field, "Field required");

    private static double[]? Numbers(ApiBody body, string field)
    {
        if (body.Element(field) is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw ApiBody.Wrong(field, "Input should be a valid list");
        }

        if (list.GetArrayLength() > SpectrumSamples.MostSamples)
        {
            throw Refusal.Invalid($"Invalid / missing parameters; {field}: a spectrum has at most {SpectrumSamples.MostSamples} samples, not {list.GetArrayLength()}.");
        }

        var numbers = new double[list.GetArrayLength()];
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            numbers[index] = item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && double.IsFinite(number)
                ? number
                : throw ApiBody.Wrong($"{field}[{index}]", "Input should be a finite number");
            index++;
        }

        return numbers;
    }
}
