using System.Globalization;
using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Tests.Candidates.Building;

/// <summary>Random trees and texts of the filter language, the same for the same seed.</summary>
internal sealed class RandomFilters(int seed)
{
    private static readonly string[] Fields = ["mag", "candidate.drb", "age_days", "is_moving", "band", "candidate.isdiffpos", "history", "packet.candid", "candidate.not"];
    private static readonly string[] Calls = ["abs", "min", "count", "any", "if", "text", "like", "isnull"];
    private static readonly double[] Numbers = [0, 1, 19.5, 0.1, 1e-300, 1e20, 9007199254740992, 9007199254740994, 9007199254740994e3, 1.7976931348623157e308, 5e-324, 123456.789];
    private static readonly string[] Words = ["g", "", "a\"b", "c\\d", "'", "# no comment", "größe", "\u0000", "\u202e"];

    private readonly Random _random = new(seed);

    /// <summary>Any tree that the parser can make, whatever its types.</summary>
    public FilterSyntax Tree(int depth)
    {
        if (depth == 0)
        {
            return _random.Next(5) switch
            {
                0 => new NumberSyntax(Pick(Numbers), default),
                1 => new TextSyntax(Pick(Words), default),
                2 => new TruthSyntax(_random.Next(2) == 0, default),
                3 => new NullSyntax(default),
                _ => Path(),
            };
        }

        return _random.Next(10) switch
        {
            0 => new NegateSyntax(Tree(depth - 1), default),
            1 => new NotSyntax(Tree(depth - 1), default),
            2 or 3 => new ChainSyntax(_random.Next(2) == 0, Several(2, depth - 1), default),
            4 => new InSyntax(Tree(depth - 1), Several(1, depth - 1), _random.Next(2) == 0, default),
            5 => new BetweenSyntax(Tree(depth - 1), Tree(depth - 1), Tree(depth - 1), _random.Next(2) == 0, default),
            6 => new NullTestSyntax(Tree(depth - 1), _random.Next(2) == 0, default),
            7 => new CallSyntax(Name(Pick(Calls)), Several(0, depth - 1), default),
            8 => Path(),
            _ => Binary(depth),
        };
    }

    /// <summary>A condition as a person might write it, with comments, line breaks and brackets here and there.</summary>
    public string Text(int depth)
    {
        var text = depth == 0
            ? Cut()
            : _random.Next(6) switch
            {
                0 => $"({Text(depth - 1)}{Blank()}or {Text(depth - 1)}{Blank()})",
                1 => $"{Text(depth - 1)}{Blank()}and {Text(depth - 1)}",
                2 => $"not {Text(depth - 1)}",
                3 => $"{Text(depth - 1)}{Blank()}or{Blank()}{Text(depth - 1)}",
                4 => $"({Blank()}{Text(depth - 1)}{Blank()})",
                _ => Cut(),
            };
        return text;
    }

    private string Cut() => _random.Next(12) switch
    {
        0 => "mag<19.50",
        1 => $"candidate.drb >{Blank()}0.8",
        2 => "age_days between 0 and (10)",
        3 => "band in [\"g\", 'r']",
        4 => "is_moving",
        5 => "candidate.distpsnr1 not between -999 and - 1",
        6 => "count(history, is_detection and not is_forced) >= 2",
        7 => "count(history,is_detection  and (is_positive)) >= 2",
        8 => $"(mag + magerr) *{Blank()}2 > 3",
        9 => "15 < mag",
        10 => $"any(history, mag > 3 # inside\n and is_detection)",
        _ => "star_distance_arcsec is not null",
    };

    private string Blank() => _random.Next(8) switch
    {
        0 => $" # note {_random.Next(100).ToString(CultureInfo.InvariantCulture)}\n",
        1 => "\n  ",
        _ => " ",
    };

    private BinarySyntax Binary(int depth)
    {
        var (operation, symbol) = Pick(new[]
        {
            (FilterOperator.Add, "+"), (FilterOperator.Subtract, "-"), (FilterOperator.Multiply, "*"), (FilterOperator.Divide, "/"), (FilterOperator.Remainder, "%"),
            (FilterOperator.Equal, "=="), (FilterOperator.NotEqual, "!="), (FilterOperator.Less, "<"), (FilterOperator.LessOrEqual, "<="),
            (FilterOperator.Greater, ">"), (FilterOperator.GreaterOrEqual, ">="), (FilterOperator.Default, "??"),
        });
        return new BinarySyntax(operation, new FilterToken(FilterTokenKind.Symbol, symbol, 0, default), Tree(depth - 1), Tree(depth - 1), default);
    }

    private List<FilterSyntax> Several(int least, int depth) => [.. Enumerable.Range(0, _random.Next(least, 4)).Select(_ => Tree(depth))];

    private PathSyntax Path() => new([.. Pick(Fields).Split('.').Select(Name)], default);

    private static FilterToken Name(string name) => new(FilterTokenKind.Name, name, 0, default);

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];
}
