using System.Runtime.Intrinsics;
using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class FourFourierTransformsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(512)]
    public void Transform_RandomNumbers_EqualsTheSums(int length)
    {
        var random = new Random(length);
        var (re, im) = (Numbers(), Numbers());
        var (givenRe, givenIm) = (re.ToArray(), im.ToArray());
        var transforms = new FourFourierTransforms(length);

        transforms.Transform(re, im);

        for (var k = -length / 2; k < (length + 1) / 2; k++)
        {
            for (var lane = 0; lane < 4; lane++)
            {
                var (sumRe, sumIm) = (0.0, 0.0);
                for (var m = 0; m < length; m++)
                {
                    var (sine, cosine) = Math.SinCos(2 * Math.PI * k * m / length);
                    sumRe += (givenRe[m][lane] * cosine) - (givenIm[m][lane] * sine);
                    sumIm += (givenRe[m][lane] * sine) + (givenIm[m][lane] * cosine);
                }

                Assert.Equal(sumRe, re[transforms.PlaceOf(k)][lane], 1e-10);
                Assert.Equal(sumIm, im[transforms.PlaceOf(k)][lane], 1e-10);
            }
        }

        Vector256<double>[] Numbers() =>
            [.. Enumerable.Range(0, length).Select(_ => Vector256.Create(random.NextDouble(), random.NextDouble() - 1, random.NextDouble(), -random.NextDouble()))];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-4)]
    [InlineData(1 << 25)]
    public void FourFourierTransforms_NoPowerOfTwo_Throws(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new FourFourierTransforms(length));
}
