using System.Text.Json;
using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>Places in the colour-magnitude diagram.</summary>
public sealed class ColorMagnitudeTests
{
    [Theory]
    [InlineData("""{"Mag_G": 10, "Plx": 10, "Mag_Bp": 11, "Mag_Rp": 9.5}""", 5.0, 1.5)]
    [InlineData("""{"mag_g": 10, "PLX": 100, "MagBP": 11, "magrp": 9.5, "A_G": -0.5}""", 9.5, 1.5)]
    [InlineData("""{"Mag_G": 10, "Plx": -1, "Mag_Bp": 11, "Mag_Rp": 9.5}""", null, 1.5)]
    public void Of_GaiaNames_GivesAbsoluteMagnitudeAndColour(string json, double? abs, double color)
    {
        var place = ColorMagnitude.Of(JsonSerializer.Deserialize<JsonElement>(json), new ColorMagnitudeKeys())!.Value;

        Assert.Equal(abs, place.AbsMag);
        Assert.Equal(color, place.Color, 10);
    }

    [Theory]
    [InlineData("""{"Mag_G": 10, "Plx": 10, "Mag_Bp": 11}""")]
    [InlineData("""{"Plx": 10, "Mag_Bp": 11, "Mag_Rp": 9.5}""")]
    [InlineData("""{"Mag_G": "10", "Plx": 10, "Mag_Bp": 11, "Mag_Rp": 9.5}""")]
    [InlineData("[1]")]
    public void Of_SomethingMissing_IsNull(string json) => Assert.Null(ColorMagnitude.Of(JsonSerializer.Deserialize<JsonElement>(json), new ColorMagnitudeKeys()));

    [Fact]
    public void Density_OfStars_IsHighOnTheMainSequenceAndNothingAboveIt()
    {
        static double At(double color, double abs) => StellarSequences.Density
            [(int)((abs - StellarSequences.LeastAbsMag) / StellarSequences.AbsStepMag)][(int)((color - StellarSequences.LeastColorMag) / StellarSequences.ColorStepMag)];

        // The Sun, an M dwarf, the red clump; and where nothing is.
        Assert.True(At(0.823, 4.635) > 0.05);
        Assert.True(At(2.5, 10.05) > 0.05);
        Assert.True(At(1.2, 0.5) > 0.5);
        Assert.True(At(3.5, 2) < 0.001);
        Assert.All(StellarSequences.Density, row => Assert.All(row, cell => Assert.InRange(cell, 0, 1)));
    }
}
