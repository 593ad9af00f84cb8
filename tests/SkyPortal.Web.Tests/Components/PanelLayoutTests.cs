using System.Text.Json;
using SkyPortal.Web.Components.Panels;
using Xunit;

namespace SkyPortal.Web.Tests.Components;

/// <summary>Where panels lie after each change.</summary>
public sealed class PanelLayoutTests
{
    private static readonly PanelPlace[] Start =
        [new("a", 0, 0, 8, 10), new("b", 8, 0, 4, 6), new("c", 0, 0, 8, 10), new("d", 8, 0, 4, 6)];

    [Fact]
    public void Of_NothingKept_StacksEachColumnInOrder() =>
        Assert.Equal("a 0,0 8x10; b 8,0 4x6; d 8,6 4x6; c 0,10 8x10", Text(PanelLayout.Of(Start, null)));

    [Theory]
    [InlineData(0, 2, "c 0,0 8x10; b 8,0 4x6; d 8,6 4x6; a 0,10 8x10")]
    [InlineData(0, 7, "a 0,0 8x10; b 8,0 4x6; d 8,6 4x6; c 0,10 8x10")]
    [InlineData(4, 0, "c 4,0 8x10; a 0,10 8x10; b 8,10 4x6; d 8,16 4x6")]
    [InlineData(99, -5, "c 4,0 8x10; a 0,10 8x10; b 8,10 4x6; d 8,16 4x6")]
    public void Move_ToACell_GoesBeforeOrAfterWhatLiesThere(int x, int y, string expected) =>
        Assert.Equal(expected, Text(PanelLayout.Of(Start, null).Move("c", x, y)));

    [Fact]
    public void MoveBy_UpAndDown_ChangesPlacesWithTheNeighbour()
    {
        var layout = PanelLayout.Of(Start, null);

        Assert.Equal("a 0,0 8x10; d 8,0 4x6; b 8,6 4x6; c 0,10 8x10", Text(layout.MoveBy("d", -1)));
        Assert.Equal("c 0,0 8x10; b 8,0 4x6; d 8,6 4x6; a 0,10 8x10", Text(layout.MoveBy("a", 1)));
        Assert.Equal(Text(layout), Text(layout.MoveBy("a", -1)));
        Assert.Equal(Text(layout), Text(layout.MoveBy("c", 1)));
    }

    [Fact]
    public void MoveAside_ToTheNextEdge_IsUndoneByTheOtherWay()
    {
        var layout = PanelLayout.Of(Start, null);

        var left = layout.MoveAside("b", -1);

        Assert.Equal(0, left["b"].X);
        Assert.Equal(8, left.MoveAside("b", 1)["b"].X);
        Assert.Equal(Text(layout), Text(layout.MoveAside("b", 1)));
    }

    [Theory]
    [InlineData(1, 1, 3, 4)]
    [InlineData(99, 99, 12, 60)]
    [InlineData(6, 9, 6, 9)]
    public void Resize_AnySize_IsBroughtIntoBounds(int width, int height, int expectedWidth, int expectedHeight)
    {
        var place = PanelLayout.Of(Start, null).Resize("d", width, height)["d"];

        Assert.Equal((expectedWidth, expectedHeight), (place.Width, place.Height));
        Assert.InRange(place.X + place.Width, 3, PanelLayout.Columns);
    }

    [Fact]
    public void Fold_AndHide_MakeRoomForWhatIsBelow()
    {
        var layout = PanelLayout.Of(Start, null);

        Assert.Equal(2, layout.Fold("a", true)["c"].Y);
        Assert.Equal(0, layout.Hide("a", true)["c"].Y);
        Assert.Equal(Text(layout), Text(layout.Hide("a", true).Hide("a", false)));
        Assert.Equal(Text(layout), Text(layout.Fold("b", true).Fold("b", false)));
    }

    [Fact]
    public void Shrink_AnEmptyPanel_TakesFewRowsAndItsHeightIsKept()
    {
        var layout = PanelLayout.Of(Start, null);

        var shrunk = layout.Shrink(new Dictionary<string, int> { ["a"] = 3 });

        Assert.Equal(3, shrunk["c"].Y);
        Assert.Equal(Text(layout), Text(PanelLayout.Of(Start, shrunk.ToJson())));
        Assert.Equal(Text(layout), Text(shrunk.Shrink(new Dictionary<string, int>())));
    }

    [Fact]
    public void Of_WhatToJsonGave_IsTheSameLayoutAndANewPanelComesLast()
    {
        var layout = PanelLayout.Of(Start, null).Move("c", 0, 0).Fold("b", true).Hide("d", true);

        var again = PanelLayout.Of([.. Start, new("e", 0, 0, 8, 5)], layout.ToJson());

        Assert.Equal($"c 0,0 8x10; b 8,0 4x6 folded; a 0,10 8x10; e 0,20 8x5; d 8,0 4x6 hidden", Text(again));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("""{"a": 4, "b": {"x": "far", "width": null}, "zz": {}}""")]
    [InlineData("""{"a": {"x": -7, "y": 99999999999, "width": 1000, "height": -2, "folded": 1}}""")]
    public void Of_Nonsense_IsStillALayoutWithoutOverlaps(string kept)
    {
        using var json = JsonDocument.Parse(kept);

        AssertNoOverlap(PanelLayout.Of(Start, json.RootElement));
    }

    [Fact]
    public void AnyChanges_OneAfterAnother_NeverOverlap()
    {
        var random = new Random(7);
        var layout = PanelLayout.Of(Start, null);
        for (var i = 0; i < 2000; i++)
        {
            var id = Start[random.Next(Start.Length)].Id;
            layout = random.Next(6) switch
            {
                0 => layout.Move(id, random.Next(-3, 15), random.Next(0, 40)),
                1 => layout.MoveBy(id, random.Next(2) == 0 ? 1 : -1),
                2 => layout.MoveAside(id, random.Next(2) == 0 ? 1 : -1),
                3 => layout.Resize(id, random.Next(0, 15), random.Next(0, 30)),
                4 => layout.Fold(id, random.Next(2) == 0),
                _ => layout.Hide(id, random.Next(2) == 0),
            };
            AssertNoOverlap(layout);
        }
    }

    private static void AssertNoOverlap(PanelLayout layout)
    {
        var taken = new HashSet<(int, int)>();
        foreach (var place in layout.Places.Where(place => !place.IsHidden))
        {
            Assert.InRange(place.X, 0, PanelLayout.Columns - place.Width);
            for (var x = place.X; x < place.X + place.Width; x++)
            {
                for (var y = place.Y; y < place.Bottom; y++)
                {
                    Assert.True(taken.Add((x, y)), $"{place} lies over another panel");
                }
            }
        }
    }

    private static string Text(PanelLayout layout) => string.Join("; ", layout.Places.Select(place =>
        FormattableString.Invariant($"{place.Id} {place.X},{place.Y * (place.IsHidden ? 0 : 1)} {place.Width}x{place.Height}{(place.IsFolded ? " folded" : "")}{(place.IsHidden ? " hidden" : "")}")));
}
