using SkyPortal.Web.Components.Shared;
using Xunit;

namespace SkyPortal.Web.Tests.Components;

/// <summary>Which letters of a notification are bold.</summary>
public sealed class BoldTextTests
{
    [Theory]
    [InlineData("*@ann_b* mentioned you on **A*", "[@ann_b]| mentioned you on **A*")]
    [InlineData("**two** and *one*", "[two]| and |[one]")]
    [InlineData("3 * 4 * 5", "3 * 4 * 5")]
    [InlineData("* a* <b>x</b>", "* a* <b>x</b>")]
    [InlineData("", "")]
    public void Runs_Stars_AreBoldOnlyAroundWords(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', BoldText.Runs(text).Select(run => run.IsBold ? $"[{run.Text}]" : run.Text)));
}
