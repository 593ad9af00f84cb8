using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Alerts.BrokerFilters;

/// <summary>Conditions of a query as rows and as SQL, and what may be sent.</summary>
public sealed class QueryTreeTests
{
    [Theory]
    [InlineData("$eq", "5", "c = 5")]
    [InlineData("$eq", "SN Ia", "c = 'SN Ia'")]
    [InlineData("$ne", "O'Neill", "c != 'O''Neill'")]
    [InlineData("$gt", "-1.5e-3", "c > -1.5e-3")]
    [InlineData("$gte", "5", "c >= 5")]
    [InlineData("$lt", "5", "c < 5")]
    [InlineData("$lte", "5", "c <= 5")]
    [InlineData("$in", "SN, NT, 7", "c IN ('SN', 'NT', 7)")]
    [InlineData("$regex", "Ia", "c LIKE '%Ia%'")]
    public void Write_EachOperator_ReadsBackAsItWas(string name, string value, string sql)
    {
        var written = QueryTree.Write(new QueryBlock { Parts = { new QueryCondition { Column = "c", Operator = name, Value = value } } });
        var read = (QueryCondition)Assert.Single(QueryTree.Read(written).Tree!.Parts);

        Assert.Equal(sql, written);
        Assert.Equal(("c", name, value), (read.Column, read.Operator, read.Value));
    }

    [Theory]
    [InlineData("a > 1 AND b < 2")]
    [InlineData("a > 1 OR b < 2")]
    [InlineData("a > 1 AND (b < 2 OR c = 'x' OR (d = 1 AND e = 2)) AND f IN (1, 2)")]
    [InlineData("")]
    public void Read_Blocks_WriteTheSameText(string sql) => Assert.Equal(sql, QueryTree.Write(QueryTree.Read(sql).Tree!));

    [Fact]
    public void Read_AndWithinOr_BindsTighter() => Assert.Equal("(a = 1 AND b = 2) OR c = 3", QueryTree.Write(QueryTree.Read("a=1 and b=2 or c<>3").Tree!).Replace("!=", "=", StringComparison.Ordinal));

    [Fact]
    public void Read_Order_StandsApart()
    {
        var (tree, orderBy) = QueryTree.Read("a > 1 ORDER BY objects.jdmax DESC");

        Assert.Equal(("a > 1", "objects.jdmax DESC"), (QueryTree.Write(tree!), orderBy));
    }

    [Theory]
    [InlineData("a BETWEEN 1 AND 2")]
    [InlineData("a + 1 > 2")]
    [InlineData("NOT a = 1")]
    [InlineData("a = '5'")]
    [InlineData("a LIKE 'x%'")]
    [InlineData("a > 1 AND")]
    [InlineData("(a > 1")]
    [InlineData("a = 'x")]
    [InlineData("1 = 1")]
    public void Read_WhatHasNoRows_IsLeftAsText(string sql) => Assert.Null(QueryTree.Read(sql).Tree);

    [Theory]
    [InlineData("objects.gmag", "objects", "objects.gmag < 19 ORDER BY objects.gmag", null)]
    [InlineData("watchlists.name", "objects, watchlists:42", "sherlock_text LIKE '%; DROP%'", null)]
    [InlineData("a", "objects", "a = 1; b", "conditions")]
    [InlineData("a", "objects", "a = 1 -- b", "conditions")]
    [InlineData("a", "objects", "a = 1 /* b", "conditions")]
    [InlineData("a", "objects", "a = (SELECT 1)", "conditions")]
    [InlineData("a", "objects", "a = 1 UNION b", "conditions")]
    [InlineData("a, b FROM x", "objects", "", "selected")]
    [InlineData("x.a", "objects", "", "selected")]
    [InlineData("a", "objects x", "", "tables")]
    [InlineData("a", "", "", "tables")]
    public void Check_AQuery_NamesThePartThatIsWrong(string selected, string tables, string conditions, string? part) =>
        Assert.Equal(part, QueryRules.Check(new JsonObject { ["selected"] = selected, ["tables"] = tables, ["conditions"] = conditions }).FirstOrDefault()?.Part);
}
