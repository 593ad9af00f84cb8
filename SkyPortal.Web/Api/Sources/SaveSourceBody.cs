using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Api.Sources;

/// <summary>Reads the body of a request to save a source.</summary>
internal static class SaveSourceBody
{
    private static readonly string[] BesidesColumns = ["id", "group_ids", "refresh_source", "ignore_if_in_group_ids", "saver_per_group_id"];

    public static SaveRequest Read(ApiBody body)
    {
        var objId = Name(body) ?? throw Refusal.Invalid("id must be provided in params");
        return new SaveRequest(objId, ObjChanges.FromJson(body.Root, BesidesColumns), GroupIds(body))
        {
            IgnoreIfInGroups = ByGroup(body, "ignore_if_in_group_ids", value => value.ValueKind == JsonValueKind.Array
                ? value.EnumerateArray().Select(item => Whole(item, "ignore_if_in_group_ids")).ToArray()
                : throw ApiBody.Wrong("ignore_if_in_group_ids", "Input should hold lists of group ids")),
            SaverPerGroup = ByGroup(body, "saver_per_group_id", value => Whole(value, "saver_per_group_id")),
        };
    }

    /// <summary>The name of an object; a number counts as its digits.</summary>
    public static string? Name(ApiBody body) => body.Element("id") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString() is { Length: > 0 } text ? text : null,
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => throw Refusal.Invalid("id must be a text or a number"),
    };

    private static int[]? GroupIds(ApiBody body)
    {
        try
        {
            return body.Ints("group_ids");
        }
        catch (Refusal refusal)
        {
            throw Refusal.Invalid($"Invalid group_ids field. Please specify a list of valid group IDs. {refusal.Message}");
        }
    }

    private static Dictionary<int, T> ByGroup<T>(ApiBody body, string field, Func<JsonElement, T> read)
    {
        var map = new Dictionary<int, T>();
        foreach (var item in body.Object(field) is { } given ? given.EnumerateObject().ToArray() : [])
        {
            var groupId = int.TryParse(item.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : throw ApiBody.Wrong(field, $"{item.Name} is not a group id");
            map[groupId] = read(item.Value);
        }

        return map;
    }

    private static int Whole(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt32(out var number) => number,
        JsonValueKind.String when int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw ApiBody.Wrong(field, "Input should hold valid integers"),
    };
}
