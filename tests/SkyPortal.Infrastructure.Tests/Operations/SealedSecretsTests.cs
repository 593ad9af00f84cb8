using Microsoft.AspNetCore.DataProtection;
using SkyPortal.Infrastructure.Operations;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Operations;

public sealed class SealedSecretsTests
{
    private readonly SealedSecrets _secrets = new(new EphemeralDataProtectionProvider());

    [Fact]
    public void Open_WhatWasSealed_IsTheText() => Assert.Equal("päss", _secrets.Open("broker", _secrets.Seal("broker", "päss")));

    [Fact]
    public void Seal_Twice_LooksDifferentAndHidesTheText()
    {
        var one = _secrets.Seal("broker", "password");

        Assert.NotEqual(one, _secrets.Seal("broker", "password"));
        Assert.DoesNotContain("password", one);
    }

    [Theory]
    [InlineData("other", false)]
    [InlineData("broker", true)]
    public void Open_OfAnotherPurposeOrChanged_IsNothing(string purpose, bool isChanged)
    {
        var text = _secrets.Seal("broker", "password");

        Assert.Null(_secrets.Open(purpose, isChanged ? text[..^3] + "AAA" : text));
    }

    [Fact]
    public void Open_WithOtherKeys_IsNothing() =>
        Assert.Null(new SealedSecrets(new EphemeralDataProtectionProvider()).Open("broker", _secrets.Seal("broker", "password")));
}
