using SkyPortal.Domain;
using SkyPortal.Web.Components.Shared;
using Xunit;

namespace SkyPortal.Web.Tests.Components;

/// <summary>What people read where something was refused.</summary>
public sealed class PlainWordsTests
{
    [Theory]
    [InlineData("Invalid/missing parameters: {'redshift': ['Not a valid number.']}", "redshift: Not a valid number.")]
    [InlineData("Invalid / missing parameters; {'ra_dis': ['Too large.', 'Not finite.'], 'dec': ['Missing.']}", "ra dis: Too large. Not finite. dec: Missing.")]
    [InlineData("Invalid/missing parameters: text: it is empty or too long", "text: it is empty or too long")]
    [InlineData("No such source X in group 3.", "No such source X in group 3.")]
    public void Of_WireTexts_AreReadable(string wire, string expected) => Assert.Equal(expected, PlainWords.Of(Refusal.Invalid(wire)));
}
